select
    reason.cluster_id,
    asking.label,
    reason.candidate_cluster_id,
    proposed.label as candidate_label,
    reason.candidate_rank,
    reason.rule_code,
    reason.points,
    reason.reason_en,
    reason.reason_ja,
    rule.definition,
    reason.evidence_row_id,
    reason.is_synthetic
from {{ ref('fct_partner_reason') }} as reason
inner join {{ ref('dim_partner_rule') }} as rule on reason.rule_code = rule.rule_code
inner join {{ ref('dim_cluster') }} as asking on reason.cluster_id = asking.cluster_id
inner join {{ ref('dim_cluster') }} as proposed on reason.candidate_cluster_id = proposed.cluster_id
