select
    source_id,
    row_number,
    kind,
    text
from {{ source('raw', 'catalog__note') }}
