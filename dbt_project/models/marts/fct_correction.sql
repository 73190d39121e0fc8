select
    correction_id,
    family,
    edition_id,
    entry_key,
    column_name,
    value_printed,
    value_read,
    reason,
    evidence_address,
    decided_by,
    decided_on,
    withdrawn_on,
    withdrawn_reason,
    is_live,
    row_id,
    register_file,
    cast(line_number as integer) as line_number
from {{ ref('int_correction') }}
