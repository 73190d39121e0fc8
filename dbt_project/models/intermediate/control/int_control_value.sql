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

survey_value as (
    {% for kind, words, value, unit in [
        ('survey_invited', 'invited', 'n_invited', 'persons'),
        ('survey_responses', 'responses', 'n_responses', 'persons'),
        ('survey_share', 'responses per invited', 'round(100.0 * n_responses / n_invited, 1)', 'percent'),
        ('survey_response_rate', 'printed rate', 'response_rate_percent_printed', 'percent'),
    ] %}
    select
        '{{ kind }}' as value_kind,
        survey_code as value_code,
        survey_code as item_code,
        title || ', {{ words }}' as label,
        {{ value }} as value,
        cast(null as integer) as value_year,
        '{{ unit }}' as unit
    from survey
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
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
    select
        'figure' as value_kind,
        figure_code as value_code,
        figure_code as item_code,
        statement as label,
        value,
        null as value_year,
        unit
    from figure
    union all
    -- in a group the words before the colon are the same for all
    select
        'figure_group',
        figure_group,
        figure_code,
        regexp_replace(statement, '^[^:]*: ', ''),
        value,
        null,
        unit
    from figure
    union all
    select
        'indicator',
        indicator_code,
        indicator_code,
        indicator || coalesce(' ' || year_printed, ''),
        value,
        indicator_year,
        unit
    from {{ ref('int_market_indicator') }}
    where is_current
    union all
    select distinct
        'programme_total',
        programme_code || '/' || metric || '/' || coalesce(period_printed, ''),
        programme_code || '/' || metric,
        metric || coalesce(' ' || period_printed, ''),
        value,
        null,
        unit
    from {{ ref('int_programme_total') }}
    where is_current
    union all
    select * from survey_value
    union all
    select 'printed', value_code, value_code, statement, value, null, unit from {{ ref('control_value') }}
    union all
    select 'count', count_code, count_code, description, n, null, 'rows' from {{ ref('int_control_count') }}
    union all
    select
        value_kind,
        value_code,
        value_code,
        case value_kind when 'member_set_size' then 'countries of the member rows' else 'countries as printed' end,
        value,
        null,
        'countries'
    from country_set
)

select
    value_kind,
    value_code,
    item_code,
    -- what stands in brackets at the end of a statement is a remark and makes a long label
    regexp_replace(label, '\s*\([^)]*\)$', '') as label,
    cast(value as double) as value,
    cast(value_year as integer) as value_year,
    unit,
    value_kind in ('count', 'member_set_size') as is_counted
from named
where value is not null
