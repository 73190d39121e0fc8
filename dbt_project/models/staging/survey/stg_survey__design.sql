select
    source_id,
    survey_code,
    wave,
    survey_code || '/' || wave as edition_id,
    is_synthetic,
    aspect,
    value,
    is_documented,
    is_usable,
    reason
from {{ source('raw', 'survey__design') }}
