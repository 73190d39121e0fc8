select
    contradiction.conflict_code,
    contradiction.kind,
    contradiction.severity,
    contradiction.subject,
    contradiction.claim_a,
    contradiction.cited_source as source_a,
    contradiction.source_title as source_title_a,
    contradiction.source_address as source_address_a,
    contradiction.cited_locator as locator_a,
    contradiction.claim_b,
    contradiction.cited_source_b as source_b,
    contradiction.source_title_b,
    contradiction.source_address_b,
    contradiction.cited_locator_b as locator_b,
    support.supported_claim,
    support.supported_value,
    support.basis,
    support.evidence,
    support.reason,
    support.decided_by,
    support.decided_on
from {{ ref('fct_source_contradiction') }} as contradiction
inner join {{ ref('int_conflict_support') }} as support on contradiction.conflict_code = support.conflict_code
where contradiction.is_current
