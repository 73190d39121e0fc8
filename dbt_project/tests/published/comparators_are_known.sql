-- A value is qualified by a comparator of the list, or not at all.
{% set tables = [
    'fct_published_figure', 'fct_published_aggregate', 'fct_programme_total', 'fct_market_indicator',
    'fct_best_practice_metric', 'dim_survey', 'fct_survey_result'
] %}
{% for table in tables %}
select
    '{{ table }}' as table_name,
    published.row_id,
    published.comparator_code
from {{ ref(table) }} as published
left join {{ ref('comparator') }} as comparator on published.comparator_code = comparator.comparator_code
where published.comparator_code is not null and comparator.comparator_code is null
{% if not loop.last %}union all{% endif %}
{% endfor %}
