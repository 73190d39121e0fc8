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
    reading_state,
    value_read,
    reading_steps,
    cell_note,
    cell_link,
    cell_marks,
    is_synthetic
from {{ ref('int_printed_cell') }}
