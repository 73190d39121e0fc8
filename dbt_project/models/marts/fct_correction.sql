select
    correction_id,
    family,
    family || '/' || edition as edition_id,
    entry_key,
    column_name,
    expected_value as value_printed,
    corrected_value as value_read,
    reason,
    evidence_address,
    decided_by,
    cast(decided_on as date) as decided_on,
    cast(withdrawn_on as date) as withdrawn_on,
    withdrawn_reason,
    withdrawn_on is null as is_live
from {{ ref('corrections') }}
