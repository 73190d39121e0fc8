-- A test of a claim whose values are not known would count as not met, and hide that nothing was tested.
select
    conflict_code,
    claim,
    test_number,
    evidence_code
from {{ ref('int_conflict_test') }}
where stated_text is null or evidence_text is null
