select
    source_id,
    survey_code,
    wave,
    survey_code || '/' || wave as edition_id,
    is_synthetic,
    item_no,
    item_code,
    item_en,
    item_ja,
    answer
from {{ source('raw', 'survey__cherries') }}
