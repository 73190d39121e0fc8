-- Only cells of which there is something to say have a reading of their own.
{% for table in landed_tables() %}
select
    row_id,
    source_id,
    unnest(cells) as cell
from {{ source('raw', table) }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
