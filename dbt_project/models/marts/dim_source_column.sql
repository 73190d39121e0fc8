select
    source_id,
    edition_id,
    kind,
    table_name,
    column_number,
    printed_column,
    our_column,
    is_synthetic
from {{ ref('int_source_column') }}
