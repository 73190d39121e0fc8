select
    source_id,
    printed_column,
    column_number,
    our_column,
    read_as
from {{ source('raw', 'catalog__column') }}
