{#- Marts of which every row is a printed row and carries its row_id. A test keeps the list equal to the models. -#}
{% macro tables_with_row_id() -%}
    {{ return([
        'bridge_partnership_member',
        'bridge_partnership_target',
        'bridge_sector_crosswalk',
        'dim_best_practice_case',
        'dim_document',
        'dim_name_variant',
        'dim_region',
        'dim_sector',
        'dim_survey',
        'fct_best_practice_metric',
        'fct_figure_check',
        'fct_internationalisation',
        'fct_market_indicator',
        'fct_mention',
        'fct_partnership',
        'fct_programme_claim',
        'fct_programme_participation',
        'fct_programme_total',
        'fct_published_aggregate',
        'fct_published_figure',
        'fct_region_indicator',
        'fct_source_contradiction',
        'fct_survey_result',
    ]) }}
{%- endmacro %}
