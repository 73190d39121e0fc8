select
    decision_id,
    mention_key,
    cluster_id,
    verdict,
    reason,
    evidence_address,
    decided_by,
    decided_on,
    withdrawn_on,
    withdrawn_reason,
    is_live,
    register_file,
    cast(line_number as integer) as line_number,
    is_synthetic
from {{ ref('int_decision') }}
