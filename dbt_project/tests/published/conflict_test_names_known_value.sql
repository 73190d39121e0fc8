-- A test of a claim whose values are not known counts as not met, and would hide that nothing was tested.
select
    tested.conflict_code,
    tested.claim,
    tested.test_number,
    tested.evidence_code
from {{ ref('int_conflict_test') }} as tested
inner join {{ ref('fct_source_contradiction') }} as contradiction
    on tested.conflict_code = contradiction.conflict_code
    and contradiction.is_current
where tested.stated_text is null or tested.evidence_text is null
