select
    row_id,
    source_id,
    edition_id,
    row_number,
    column_number,
    cell_address,
    printed_column,
    our_column,
    value_printed,
    is_synthetic
from {{ ref('int_printed_cell') }}
