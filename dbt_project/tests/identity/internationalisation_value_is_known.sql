-- A value that the code list lacks would weigh nothing and pass unseen.
select distinct
    evidence.part_code,
    evidence.value_code
from {{ ref('int_internationalisation_evidence') }} as evidence
left join {{ ref('internationalisation_value') }} as stated
    on evidence.part_code = stated.part_code
    and evidence.value_code = stated.value_code
where evidence.value_code is not null and stated.value_code is null
