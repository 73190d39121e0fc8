with reason as (
    select
        *,
        reason_en || ' [' || case when points > 0 then '+' else '' end
        || cast(cast(points as integer) as {{ dbt.type_string() }}) || ']' as words
    from {{ ref('fct_partner_reason') }}
),

candidate as (
    select
        cluster_id,
        candidate_cluster_id,
        candidate_rank,
        max(score) as score,
        bool_or(rule_code = 'existing_tie') as is_tied,
        bool_or(rule_code = 'seen_lately') as is_seen_lately,
        {{ dbt.listagg('words', "'; '", 'order by points desc, rule_code') }} as reasons,
        {{ dbt.listagg('reason_ja', "'；'", 'order by points desc, rule_code') }} as reasons_ja,
        cast(count(*) as integer) as n_reasons,
        bool_or(is_synthetic) as is_synthetic
    from reason
    group by cluster_id, candidate_cluster_id, candidate_rank
)

select
    candidate.cluster_id,
    asking.label as label,
    candidate.candidate_cluster_id,
    candidate.candidate_rank,
    candidate.score,
    proposed.label as candidate_label,
    proposed.name_ja as candidate_name_ja,
    proposed.unit_kind as candidate_unit_kind,
    profile.country_codes as candidate_country_codes,
    proposed.region_code as candidate_region_code,
    profile.last_named_on as candidate_last_named_on,
    candidate.is_tied,
    case when candidate.is_seen_lately then 'seen_lately' else 'unknown' end as candidate_activity,
    candidate.n_reasons,
    candidate.reasons,
    candidate.reasons_ja,
    'partner-1' as method_version,
    candidate.is_synthetic
from candidate
inner join {{ ref('dim_cluster') }} as asking on candidate.cluster_id = asking.cluster_id
inner join {{ ref('dim_cluster') }} as proposed on candidate.candidate_cluster_id = proposed.cluster_id
inner join {{ ref('int_partner_profile') }} as profile on candidate.candidate_cluster_id = profile.cluster_id
