-- The row of a withdrawn correction may be gone.
select
    correction.correction_id,
    correction.family,
    correction.edition_id,
    correction.entry_key,
    correction.column_name,
    correction.expected_value as value_printed,
    correction.corrected_value as value_read,
    correction.reason,
    correction.evidence_address,
    correction.decided_by,
    correction.decided_on,
    correction.withdrawn_on,
    correction.withdrawn_reason,
    correction.is_live,
    correction.register_file,
    correction.line_number,
    landed.row_id
from {{ ref('stg_registry__correction') }} as correction
left join {{ ref('stg_catalog__landed_row') }} as landed
    on correction.edition_id = landed.edition_id
    and correction.entry_key = landed.entry_key
    and landed.rejected_reason is null
