-- Every printed row that names a Japanese and a European party, with the two clusters if both are decided. A row of a
-- project of which another row names both parties speaks of the same two. Targets of a programme are no ties.
with placement as (
    select mention_key, verdict, cluster_id from {{ ref('int_mention_placement') }}
),

europe as (
    select distinct country_code from {{ ref('int_country_area') }}
    where area_group = 'Europe'
),

pair as (
    select
        partnership.row_id,
        partnership.family,
        partnership.edition_id,
        partnership.reference_date,
        'partnership_list' as row_kind,
        partnership.programme_code,
        cast(null as {{ dbt.type_string() }}) as project_id,
        partnership.party_jp_printed,
        partnership.party_eu_printed,
        partnership.verdict_jp,
        partnership.verdict_eu,
        partnership.cluster_id_jp,
        partnership.cluster_id_eu,
        partnership.sector_printed,
        partnership.is_synthetic
    from {{ ref('int_partnership') }} as partnership
    where partnership.partnership_type = 'pair'
),

project as (
    select
        participation.row_id,
        participation.family,
        participation.edition_id,
        participation.reference_date,
        'programme_roster' as row_kind,
        participation.programme_code,
        participation.cluster_id as project_id,
        participation.lead_name as party_jp_printed,
        participation.partner_name as party_eu_printed,
        lead_party.verdict as verdict_jp,
        partner.verdict as verdict_eu,
        participation.lead_cluster_id as cluster_id_jp,
        participation.partner_cluster_id as cluster_id_eu,
        participation.sector as sector_printed,
        participation.is_synthetic
    from {{ ref('int_programme_participation') }} as participation
    inner join europe on participation.partner_country_code = europe.country_code
    left join placement as lead_party
        on participation.edition_key || '/lead/' || participation.entry_key = lead_party.mention_key
    left join placement as partner
        on participation.edition_key || '/partner/' || participation.entry_key = partner.mention_key
),

contact_point as (
    select
        member.row_id,
        member.family,
        member.edition_id,
        member.reference_date,
        'partnership_member' as row_kind,
        cast(null as {{ dbt.type_string() }}) as programme_code,
        cast(null as {{ dbt.type_string() }}) as project_id,
        member.name_printed as party_jp_printed,
        member.partnership_code as party_eu_printed,
        placement.verdict as verdict_jp,
        case when member.partnership_cluster_id is not null then 'same' end as verdict_eu,
        member.cluster_id as cluster_id_jp,
        member.partnership_cluster_id as cluster_id_eu,
        cast(null as {{ dbt.type_string() }}) as sector_printed,
        member.is_synthetic
    from {{ ref('int_partnership_member') }} as member
    left join placement on member.mention_key = placement.mention_key
    where member.country_code = 'JP'
),

named as (
    select * from pair
    union all
    select * from project
    union all
    select * from contact_point
),

-- A project that always has the same two parties lends them to its rows that print neither or one.
project_pair as (
    select
        project_id,
        min(cluster_id_jp) as cluster_id_jp,
        min(cluster_id_eu) as cluster_id_eu
    from project
    where cluster_id_jp is not null and cluster_id_eu is not null and project_id is not null
    group by project_id
    having count(distinct cluster_id_jp || cluster_id_eu) = 1
),

final as (
    select
        named.row_id,
        named.family,
        named.edition_id,
        named.reference_date,
        named.row_kind,
        named.programme_code,
        named.project_id,
        named.party_jp_printed,
        named.party_eu_printed,
        named.verdict_jp,
        named.verdict_eu,
        coalesce(named.cluster_id_jp, project_pair.cluster_id_jp) as cluster_id_jp,
        coalesce(named.cluster_id_eu, project_pair.cluster_id_eu) as cluster_id_eu,
        case
            when named.cluster_id_jp is not null and named.cluster_id_eu is not null then 'parties_printed'
            when project_pair.project_id is not null then 'same_project'
        end as basis,
        named.sector_printed,
        named.is_synthetic
    from named
    left join project_pair
        on named.project_id = project_pair.project_id
        and coalesce(named.cluster_id_jp = project_pair.cluster_id_jp, true)
        and coalesce(named.cluster_id_eu = project_pair.cluster_id_eu, true)
)

select * from final
