select
    correction_id,
    family,
    edition_id,
    entry_key,
    column_name,
    expected_value as value_printed,
    corrected_value as value_read,
    reason,
    evidence_address,
    decided_by,
    decided_on,
    withdrawn_on,
    withdrawn_reason,
    is_live,
    register_file,
    line_number
from {{ ref('stg_registry__correction') }}
