select
    source_id,
    survey_code,
    wave,
    survey_code || '/' || wave as edition_id,
    is_synthetic,
    limit_code,
    question_code,
    states_merged,
    counted_as,
    sentence_en,
    sentence_ja
from {{ source('raw', 'survey__limit') }}
