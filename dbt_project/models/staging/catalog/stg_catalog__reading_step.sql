select
    step,
    text_en,
    text_ja
from {{ source('raw', 'catalog__reading_step') }}
