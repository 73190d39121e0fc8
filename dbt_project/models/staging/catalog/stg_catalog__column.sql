select
    source_id,
    printed_column,
    column_number,
    our_column
from {{ source('raw', 'catalog__column') }}
