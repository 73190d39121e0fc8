-- Every rule that holds for a cluster and a candidate of the other region. Made-up clusters are paired with made-up
-- ones of the same series of editions only, and who has ceased neither asks nor is proposed.
with profile as (
    select * from {{ ref('int_partner_profile') }}
    where region is not null and not is_ceased
),

world as (
    select distinct cluster_id, family from {{ ref('int_mention_placement') }}
    where cluster_id is not null and is_synthetic
),

reason as (
    select * from {{ ref('int_partner_tie_pair') }}
    union all
    select * from {{ ref('int_partner_sector_pair') }}
),

pair as (
    select distinct
        reason.cluster_id_jp,
        reason.cluster_id_eu
    from reason
    inner join profile as party_jp on reason.cluster_id_jp = party_jp.cluster_id
    inner join profile as party_eu on reason.cluster_id_eu = party_eu.cluster_id
    left join world as world_jp on reason.cluster_id_jp = world_jp.cluster_id
    left join world as world_eu
        on reason.cluster_id_eu = world_eu.cluster_id
        and world_jp.family = world_eu.family
    where party_jp.is_synthetic = party_eu.is_synthetic
        and (not party_jp.is_synthetic or world_eu.cluster_id is not null)
),

directed as (
    select cluster_id_jp as cluster_id, cluster_id_eu as candidate_cluster_id, cluster_id_jp, cluster_id_eu from pair
    union all
    select cluster_id_eu as cluster_id, cluster_id_jp as candidate_cluster_id, cluster_id_jp, cluster_id_eu from pair
),

fact as (
    select * from {{ ref('int_partner_fact') }}
),

tied as (
    select distinct cluster_id_jp as from_id, cluster_id_eu as to_id, row_id_eu as row_id
    from {{ ref('int_partner_tie_pair') }}
    where rule_code = 'existing_tie'
    union
    select distinct cluster_id_eu as from_id, cluster_id_jp as to_id, row_id_jp as row_id
    from {{ ref('int_partner_tie_pair') }}
    where rule_code = 'existing_tie'
),

sector as (
    select distinct cluster_id, sector_code from {{ ref('int_partner_sector') }}
    where sector_code is not null
),

-- With whom of the other side the candidate works already.
known as (
    select
        directed.cluster_id,
        directed.candidate_cluster_id,
        tied.to_id,
        other.label,
        tied.row_id,
        coalesce(other.place_code = asking.place_code, false) as is_same_place
    from directed
    inner join tied on directed.candidate_cluster_id = tied.from_id and directed.cluster_id <> tied.to_id
    inner join profile as asking on directed.cluster_id = asking.cluster_id
    inner join {{ ref('int_partner_profile') }} as other on tied.to_id = other.cluster_id
),

neighbour as (
    select cluster_id, candidate_cluster_id, 'tie_same_place' as rule_code, label, row_id from known
    where is_same_place
    union all
    select distinct
        known.cluster_id,
        known.candidate_cluster_id,
        'tie_same_sector' as rule_code,
        known.label,
        known.row_id
    from known
    inner join sector as asking on known.cluster_id = asking.cluster_id
    inner join sector as other on known.to_id = other.cluster_id and asking.sector_code = other.sector_code
),

point as (
    select directed.cluster_id, directed.candidate_cluster_id, reason.rule_code, reason.detail,
        case when directed.candidate_cluster_id = reason.cluster_id_eu then reason.row_id_eu else reason.row_id_jp end
            as row_id
    from directed
    inner join reason
        on directed.cluster_id_jp = reason.cluster_id_jp
        and directed.cluster_id_eu = reason.cluster_id_eu
    union all
    select directed.cluster_id, directed.candidate_cluster_id, fact.rule_code, fact.detail, fact.row_id
    from directed
    inner join fact on directed.candidate_cluster_id = fact.cluster_id
    union all
    select directed.cluster_id, directed.candidate_cluster_id, fact.rule_code, fact.detail, fact.row_id
    from directed
    inner join fact on directed.cluster_id = fact.cluster_id
    where fact.is_of_pair
    union all
    select
        cluster_id,
        candidate_cluster_id,
        rule_code,
        min(label) || case when count(distinct label) > 1 then ' (+' || (count(distinct label) - 1) || ')' else '' end
            as detail,
        min_by(row_id, label || row_id) as row_id
    from neighbour
    group by cluster_id, candidate_cluster_id, rule_code
    union all
    select
        directed.cluster_id,
        directed.candidate_cluster_id,
        'kind_same' as rule_code,
        replace(candidate.unit_kind, '_', ' ') as detail,
        cast(null as {{ dbt.type_string() }}) as row_id
    from directed
    inner join profile as asking on directed.cluster_id = asking.cluster_id
    inner join profile as candidate on directed.candidate_cluster_id = candidate.cluster_id
    where (
        asking.unit_kind in ('cluster_organisation', 'partnership')
        and candidate.unit_kind in ('cluster_organisation', 'partnership')
    )
    or (asking.unit_kind = 'support_body' and candidate.unit_kind = 'support_body')
)

select
    point.*,
    candidate.is_synthetic
from point
inner join profile as candidate on point.candidate_cluster_id = candidate.cluster_id
