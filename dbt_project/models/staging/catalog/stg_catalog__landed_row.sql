-- Rejected rows stay in: this is what rpt_row_account counts against.
{% for table in landed_tables() %}
select
    row_id,
    source_id,
    {{ edition_id() }} as edition_id,
    entry_key,
    printed_key,
    printed,
    is_struck,
    rejected_reason
from {{ source('raw', table) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
