-- Pairs of a Japanese and a European cluster that a tie, or a tie of a tie, brings together.
with profile as (
    select cluster_id, label, region from {{ ref('int_partner_profile') }}
    where region is not null
),

member as (
    select cluster_id, partnership_code, partnership_cluster_id, row_id from {{ ref('int_partnership_member') }}
    where cluster_id is not null
),

tie as (
    select
        tied.cluster_id_jp,
        tied.cluster_id_eu,
        min(tied.row_id) as row_id,
        {{ dbt.listagg('distinct tied.edition_id', "'; '", 'order by tied.edition_id') }} as edition_ids,
        min(party_jp.label) as label_jp,
        min(party_eu.label) as label_eu
    from {{ ref('int_partnership_tie_row') }} as tied
    inner join profile as party_jp on tied.cluster_id_jp = party_jp.cluster_id
    inner join profile as party_eu on tied.cluster_id_eu = party_eu.cluster_id
    where tied.basis is not null
    group by tied.cluster_id_jp, tied.cluster_id_eu
),

-- Who belongs together at home: a member and its partnership, a project and the body that leads it.
belonging as (
    select cluster_id as inner_id, partnership_cluster_id as outer_id, row_id from member
    where partnership_cluster_id is not null
    union
    select lead_cluster_id as inner_id, cluster_id as outer_id, row_id
    from {{ ref('int_programme_participation') }}
    where cluster_id is not null and lead_cluster_id is not null
),

home as (
    select inner_id as from_id, outer_id as to_id, row_id from belonging
    union
    select outer_id as from_id, inner_id as to_id, row_id from belonging
),

co_member as (
    select
        one.cluster_id as from_id,
        other.cluster_id as to_id,
        coalesce(partnership.label, replace(other.partnership_code, '_', ' ')) as partnership_name,
        other.row_id
    from member as one
    inner join member as other on one.partnership_code = other.partnership_code
    left join profile as partnership on other.partnership_cluster_id = partnership.cluster_id
    where one.cluster_id <> other.cluster_id
),

near as (
    select cluster_id_jp, cluster_id_eu, 'existing_tie' as rule_code, edition_ids as detail, row_id from tie
    union all
    select tie.cluster_id_jp, home.to_id as cluster_id_eu, 'partnership_tie' as rule_code, tie.label_eu, home.row_id
    from tie
    inner join home on tie.cluster_id_eu = home.from_id
    union all
    select home.to_id as cluster_id_jp, tie.cluster_id_eu, 'partnership_tie' as rule_code, tie.label_jp, home.row_id
    from tie
    inner join home on tie.cluster_id_jp = home.from_id
    union all
    select
        tie.cluster_id_jp,
        co_member.to_id as cluster_id_eu,
        'co_member_tie' as rule_code,
        tie.label_eu || ', ' || co_member.partnership_name as detail,
        co_member.row_id
    from tie
    inner join co_member on tie.cluster_id_eu = co_member.from_id
    union all
    select
        co_member.to_id as cluster_id_jp,
        tie.cluster_id_eu,
        'co_member_tie' as rule_code,
        tie.label_jp || ', ' || co_member.partnership_name as detail,
        co_member.row_id
    from tie
    inner join co_member on tie.cluster_id_jp = co_member.from_id
    union all
    select
        first_tie.cluster_id_jp,
        last_tie.cluster_id_eu,
        'shared_partner' as rule_code,
        first_tie.label_eu || ' - ' || last_tie.label_jp as detail,
        last_tie.row_id
    from tie as first_tie
    inner join tie as middle_tie
        on first_tie.cluster_id_eu = middle_tie.cluster_id_eu
        and first_tie.cluster_id_jp <> middle_tie.cluster_id_jp
    inner join tie as last_tie
        on middle_tie.cluster_id_jp = last_tie.cluster_id_jp
        and middle_tie.cluster_id_eu <> last_tie.cluster_id_eu
),

-- A tie stands for itself; the ways around it say nothing more.
final as (
    select
        near.cluster_id_jp,
        near.cluster_id_eu,
        near.rule_code,
        min(near.detail) || case
            when count(distinct near.detail) > 1 then ' (+' || (count(distinct near.detail) - 1) || ')' else ''
        end as detail,
        min_by(near.row_id, near.detail || near.row_id) as row_id_jp,
        min_by(near.row_id, near.detail || near.row_id) as row_id_eu
    from near
    inner join profile as party_jp on near.cluster_id_jp = party_jp.cluster_id and party_jp.region = 'JP'
    inner join profile as party_eu on near.cluster_id_eu = party_eu.cluster_id and party_eu.region = 'EU'
    left join tie on near.cluster_id_jp = tie.cluster_id_jp and near.cluster_id_eu = tie.cluster_id_eu
    where near.rule_code = 'existing_tie' or tie.row_id is null
    group by near.cluster_id_jp, near.cluster_id_eu, near.rule_code
)

select * from final
