-- Every number that a control may name, under a kind and a code.
with

figure as (
    select * from {{ ref('int_published_figure') }}
    where is_current
),

survey as (
    select * from {{ ref('int_survey') }}
    where is_current
),

country_set as (
    select
        set_kind || '_size' as value_kind,
        set_code as value_code,
        count(*) as value
    from {{ ref('int_control_set') }}
    group by set_kind, set_code
),

named as (
    select 'figure' as value_kind, figure_code as value_code, figure_code as label, value, null as value_year, unit
    from figure
    union all
    select 'figure_group', figure_group, figure_code, value, null, unit from figure
    union all
    select 'indicator', indicator_code, indicator_code, value, indicator_year, unit
    from {{ ref('int_market_indicator') }}
    where is_current
    union all
    select distinct
        'programme_total',
        programme_code || '/' || metric || '/' || coalesce(period_printed, ''),
        programme_code || '/' || metric,
        value,
        null,
        unit
    from {{ ref('int_programme_total') }}
    where is_current
    union all
    select 'survey_invited', survey_code, survey_code || ' invited', n_invited, null, 'persons' from survey
    union all
    select 'survey_responses', survey_code, survey_code || ' responses', n_responses, null, 'persons' from survey
    union all
    select 'survey_share', survey_code, survey_code || ' responses per invited',
        round(100.0 * n_responses / n_invited, 1), null, 'percent'
    from survey
    union all
    select 'survey_response_rate', survey_code, survey_code || ' rate', response_rate_percent_printed, null, 'percent'
    from survey
    union all
    select 'printed', value_code, value_code, value, null, unit from {{ ref('control_value') }}
    union all
    select 'count', count_code, description, n, null, 'rows' from {{ ref('int_control_count') }}
    union all
    select value_kind, value_code, replace(value_kind, '_', ' ') || ' ' || value_code, value, null, 'countries'
    from country_set
)

select
    value_kind,
    value_code,
    label,
    cast(value as double) as value,
    cast(value_year as integer) as value_year,
    unit,
    value_kind in ('count', 'member_set_size') as is_counted
from named
where value is not null
