select
    source_id,
    survey_code,
    wave,
    survey_code || '/' || wave as edition_id,
    is_synthetic,
    question_code,
    option_no,
    option_code,
    label_en,
    label_ja,
    labels,
    is_other,
    is_exclusive,
    option_state
from {{ source('raw', 'survey__option') }}
