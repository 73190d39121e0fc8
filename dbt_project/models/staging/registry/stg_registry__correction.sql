select
    correction_id,
    family,
    edition,
    entry_key,
    column_name,
    nullif(expected_value, '') as expected_value,
    nullif(corrected_value, '') as corrected_value,
    reason,
    evidence_address,
    decided_by,
    cast(decided_on as date) as decided_on,
    cast(nullif(withdrawn_on, '') as date) as withdrawn_on,
    nullif(withdrawn_reason, '') as withdrawn_reason,
    nullif(withdrawn_on, '') is null as is_live
from {{ ref('corrections') }}
