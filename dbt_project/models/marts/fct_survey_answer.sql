-- depends_on: {{ ref('int_survey_column') }}
-- A view: a wave of a million responses with sixty columns would be sixty million rows that say nothing new.
{{ config(materialized='view', tags=['survey_wide']) }}

select
    cast(null as varchar) as survey_code,
    cast(null as varchar) as wave,
    cast(null as varchar) as response_id,
    cast(null as integer) as response_no,
    cast(null as integer) as repeat_no,
    cast(null as varchar) as question_code,
    cast(null as varchar) as option_code,
    cast(null as varchar) as state,
    cast(null as varchar) as value_text,
    cast(null as double) as value_number,
    cast(null as date) as value_date,
    cast(null as varchar) as raw_cell,
    cast(null as boolean) as is_counted,
    cast(null as boolean) as is_synthetic
where false
{% for column in survey_wide_columns('where is_published') %}
union all
{{ survey_answers(column) }}
{% endfor %}
