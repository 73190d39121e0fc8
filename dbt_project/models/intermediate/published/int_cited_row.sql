-- Every transcribed row with what can be measured of it: where it was read, how far it is trusted, whether its main
-- value is blank.
{% set main_value = {
    'int_programme_participation': 'coalesce(partner_name, lead_name, promoting_body, core_organisation, area)',
    'int_partnership': 'start_printed',
    'int_partnership_member': 'name_printed',
    'int_partnership_target': 'country_code',
    'int_best_practice_case': 'agreement_date_printed',
    'int_best_practice_metric': 'value_printed',
    'int_published_figure': 'value_printed',
    'int_published_aggregate': 'n_printed',
    'int_programme_total': 'value_printed',
    'int_market_indicator': 'value_printed',
    'int_survey': 'coalesce(n_responses, n_invited)',
    'int_survey_result': 'coalesce(n, percent_printed)',
} %}
{% for model, column in main_value.items() %}
select
    edition_id,
    row_id,
    cited_source,
    cited_locator,
    trust,
    {{ column }} is null as is_value_blank
from {{ ref(model) }}
{% if model == 'int_partnership' %}where partnership_type = 'pair'{% endif %}
{% if not loop.last %}union all{% endif %}
{% endfor %}
