-- The wide tables: one for the responses of a wave, one for each of its repeats. Once this is known their views are made.
{{ config(post_hook="{{ survey_views(this) }}") }}

with repeated as (
    select
        col.source_id,
        col.wide_table,
        any_value(question.repeat_code) as repeat_code
    from {{ ref('stg_survey__column') }} as col
    inner join {{ ref('stg_survey__question') }} as question
        on col.source_id = question.source_id
        and col.question_code = question.question_code
    where question.repeat_code is not null
    group by col.source_id, col.wide_table
),

stored as (
    select
        source_id,
        survey_code,
        wave,
        edition_id,
        is_synthetic,
        wide_table,
        cast(null as varchar) as repeat_code,
        wide_file
    from {{ ref('stg_survey__file') }}
    union all
    select
        told.source_id,
        told.survey_code,
        told.wave,
        told.edition_id,
        told.is_synthetic,
        repeated.wide_table,
        repeated.repeat_code,
        replace(told.wide_file, '.parquet', '__' || repeated.repeat_code || '.parquet') as wide_file
    from repeated
    inner join {{ ref('stg_survey__file') }} as told on repeated.source_id = told.source_id
)

-- Names come from codes that others chose: what does not fit between quotation marks is taken out.
select
    *,
    regexp_replace(wide_table, '[^\p{L}\p{N}_]', '_', 'g') as view_name
from stored
