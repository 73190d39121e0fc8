with rule as (
    select
        part_code,
        max(method_version) as method_version
    from {{ ref('internationalisation_rule') }}
    group by part_code
)

select
    part.cluster_id,
    part.edition_id,
    part.part_code,
    part.value_code,
    part.since_date,
    part.until_date,
    part.evidence_kind,
    part.evidence_row_id,
    part.evidence_address,
    part.basis,
    part.n_evidence,
    part.is_disputed,
    rule.part_code is not null as is_in_level,
    part.is_synthetic
from {{ ref('int_internationalisation_part') }} as part
left join rule on part.part_code = rule.part_code
