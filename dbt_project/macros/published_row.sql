{#- Tables by which a printed row is published: they carry its row_id. A test keeps the list equal to the models. -#}
{% macro tables_with_row_id() -%}
    {{ return([
        'dim_cluster_name',
        'fct_cluster_presence',
        'fct_internationalisation',
        'fct_mention',
        'fct_programme_participation', 'fct_programme_claim', 'fct_programme_total',
        'fct_partnership', 'bridge_partnership_member', 'bridge_partnership_target',
        'dim_best_practice_case', 'fct_best_practice_metric',
        'fct_published_figure', 'fct_published_aggregate', 'fct_market_indicator',
        'fct_figure_check', 'fct_source_contradiction',
        'dim_survey', 'fct_survey_result',
        'dim_region', 'fct_region_indicator', 'dim_sector', 'bridge_sector_crosswalk',
        'dim_name_variant', 'dim_document',
    ]) }}
{%- endmacro %}
