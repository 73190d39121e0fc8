-- depends_on: {{ ref('int_survey_column') }}
{{ config(tags=['survey_wide']) }}
-- Counted column by column: a wave has few distinct numbers in each and may have ten million rows.
with counted as (
    select
        cast(null as varchar) as source_id,
        cast(null as varchar) as wide_table,
        cast(null as varchar) as wide_column,
        cast(null as bigint) as code,
        cast(null as bigint) as n_responses,
        cast(null as bigint) as n,
        cast(null as double) as weighted_n
    where false
    {% set weighted_views = survey_weighted_views() -%}
    {% for column in survey_wide_columns() %}
    union all
    {{ survey_tally(column, weighted_views) }}
    {% endfor %}
),

stated as (
    select
        counted.*,
        col.survey_code,
        col.wave,
        col.edition_id,
        col.is_synthetic,
        col.question_code,
        coalesce(col.option_code, case when counted.code > 0 then col.option_codes[counted.code] end) as option_code,
        -- null for a number that stands for nothing in its column, which a test finds
        case
            when counted.code < 0 then {{ survey_state_of('counted.code') }}
            when col.state_column is not null then case when counted.code = 0 then 'answered' end
            when col.option_code is null then case when counted.code > 0 then col.chosen_states[counted.code] end
            when counted.code = 0 then 'not_selected'
            when counted.code = 1 then col.chosen_state
        end as state,
        col.has_weights
    from counted
    inner join {{ ref('int_survey_column') }} as col
        on counted.source_id = col.source_id
        and counted.wide_table = col.wide_table
        and counted.wide_column = col.wide_column
)

select * from stated
