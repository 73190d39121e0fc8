-- Cells of rejected rows stay in: what was refused can be looked up too.
{% for table in landed_tables() %}
select
    row_id,
    source_id,
    row_number,
    unnest(map_entries(printed)) as cell
from {{ source('raw', table) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
