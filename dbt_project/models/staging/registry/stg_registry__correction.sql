select
    correction_id,
    family,
    edition,
    {{ edition_id() }} as edition_id,
    entry_key,
    column_name,
    expected_value,
    corrected_value,
    reason,
    evidence_address,
    decided_by,
    try_cast(decided_on as date) as decided_on,
    try_cast(withdrawn_on as date) as withdrawn_on,
    withdrawn_reason,
    withdrawn_on is null as is_live,
    register_file,
    line_number
from {{ source('raw', 'registry__correction') }}
