-- Every published row says which edition it comes from. The tables of the register have tests of their own.
{% set others = ['fct_mention', 'fct_cluster_presence', 'fct_internationalisation', 'dim_cluster_name'] %}
{% for table in tables_with_row_id() | reject('in', others) | list %}
select
    '{{ table }}' as table_name,
    published.row_id
from {{ ref(table) }} as published
left join {{ ref('dim_edition') }} as edition on published.edition_id = edition.edition_id
where edition.edition_id is null
{% if not loop.last %}union all{% endif %}
{% endfor %}
