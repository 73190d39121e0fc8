select
    edition_id,
    survey_code,
    wave,
    limit_code,
    question_code,
    states_merged,
    counted_as,
    sentence_en,
    sentence_ja,
    is_synthetic
from {{ ref('int_survey_limit') }}
