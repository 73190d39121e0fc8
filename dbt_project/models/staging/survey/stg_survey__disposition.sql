select
    source_id,
    survey_code,
    wave,
    survey_code || '/' || wave as edition_id,
    is_synthetic,
    disposition,
    n,
    origin
from {{ source('raw', 'survey__disposition') }}
