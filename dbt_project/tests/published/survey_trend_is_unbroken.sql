-- Only a warning: a question may be worded anew on purpose. Then its numbers are two series.
{{ config(severity='warn') }}

select
    'Question ' || question_code || ' of ' || edition_id || ' is no series with ' || earlier_question_code || ' of '
    || earlier_edition_id || '. ' || why_en || ' To map it, add a row to survey_questions.csv.' as problem
from {{ ref('dim_survey_question_version') }}
where is_trend_broken and why_en like 'Changed %'
