-- A pair marked as a positive control agrees; if it does not come out as both, the controls are wrong.
select
    conflict_code,
    supported_claim,
    reason
from {{ ref('rpt_source_conflict') }}
where severity = 'info' and (supported_claim <> 'both' or basis <> 'computed')
