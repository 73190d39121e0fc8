select
    source_id,
    finding_number,
    code,
    outcome,
    place,
    place_ja,
    sentence_en,
    sentence_ja
from {{ source('raw', 'catalog__finding') }}
