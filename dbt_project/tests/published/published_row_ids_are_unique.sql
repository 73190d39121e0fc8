-- One printed row becomes one row of its table. Region indicators are left out, because a printed row holds three of
-- them, and the tables of the register, which have keys of their own.
{% set others = [
    'fct_region_indicator', 'fct_mention', 'fct_cluster_presence', 'fct_internationalisation', 'dim_cluster_name'
] %}
{% for table in tables_with_row_id() | reject('in', others) | list %}
select
    '{{ table }}' as table_name,
    row_id,
    count(*) as n
from {{ ref(table) }}
group by row_id
having count(*) > 1
{% if not loop.last %}union all{% endif %}
{% endfor %}
