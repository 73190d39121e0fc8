-- What is known of one cluster and counts in every pair that it is in: for the pair whichever side asks (programmes),
-- or only when the cluster is the candidate (its site, its kind, how lately it was named).
with profile as (
    select * from {{ ref('int_partner_profile') }}
    where region is not null
),

rule as (
    select * from {{ ref('partner_rule') }}
),

-- A project that ended is a weak sign; the spells of a body say nothing about the body.
spell as (
    select
        cluster_id,
        max(to_date) as funded_until,
        count(*) = count(to_date) as is_every_end_known
    from {{ ref('int_programme_spell') }}
    group by cluster_id
),

-- A partnership that targets Japan, and everybody who is a member of it.
aimed as (
    select
        target.partnership_code,
        target.cluster_id,
        target.row_id,
        coalesce(partnership.label, replace(target.partnership_code, '_', ' ')) as partnership_name
    from {{ ref('int_partnership_target') }} as target
    left join profile as partnership on target.cluster_id = partnership.cluster_id
    where target.country_code = 'JP'
),

target as (
    select cluster_id, partnership_name, row_id from aimed
    union
    select
        member.cluster_id,
        aimed.partnership_name,
        aimed.row_id
    from aimed
    inner join {{ ref('int_partnership_member') }} as member on aimed.partnership_code = member.partnership_code
),

project as (
    select cluster_id, edition_id, row_id from {{ ref('int_programme_participation') }}
    where programme_code = 'JETRO_RIT'
    union
    select lead_cluster_id as cluster_id, edition_id, row_id from {{ ref('int_programme_participation') }}
    where programme_code = 'JETRO_RIT'
),

size as (
    select
        placement.cluster_id,
        organisation.row_id,
        greatest(
            coalesce(try_cast(organisation.firms_read as integer), 0),
            coalesce(try_cast(organisation.members_read as integer), 0)
        ) as n_firms
    from {{ ref('stg_organisation_list__organisation') }} as organisation
    inner join {{ ref('int_mention_placement') }} as placement on organisation.mention_key = placement.mention_key
),

site as (
    select
        *,
        row_number() over (partition by cluster_id order by reference_date desc, edition_id) as place
    from {{ ref('int_internationalisation_part') }}
    where part_code = 'has_english_site' and value_code in ('yes', 'no')
),

age as (
    select
        profile.*,
        case
            when profile.last_named_on >= profile.as_of - cast(rule.parameter as integer) * interval '1' year
                then 'seen_lately'
            else 'activity_unknown'
        end as rule_code
    from profile
    inner join rule on rule.rule_code = 'seen_lately'
),

fact as (
    select
        cluster_id,
        'targets_japan' as rule_code,
        true as is_of_pair,
        min(partnership_name) as detail,
        min_by(row_id, partnership_name || row_id) as row_id
    from target
    group by cluster_id
    union all
    select
        cluster_id,
        'rit_experience' as rule_code,
        true as is_of_pair,
        {{ dbt.listagg('distinct edition_id', "'; '", 'order by edition_id') }} as detail,
        min(row_id) as row_id
    from project
    group by cluster_id
    union all
    select
        size.cluster_id,
        'rit_size' as rule_code,
        true as is_of_pair,
        max(size.n_firms) || ' >= ' || min(cast(figure.value as integer)) as detail,
        max_by(size.row_id, lpad(cast(size.n_firms as {{ dbt.type_string() }}), 9, '0') || size.row_id) as row_id
    from size
    inner join rule on rule.rule_code = 'rit_size'
    inner join {{ ref('int_published_figure') }} as figure on rule.figure_code = figure.figure_code
    where figure.is_current and size.n_firms >= figure.value
    group by size.cluster_id
    union all
    select cluster_id, 'site_english' as rule_code, false as is_of_pair, edition_id as detail, row_id from site
    where place = 1 and value_code = 'yes'
    union all
    select cluster_id, 'kind_project' as rule_code, false as is_of_pair, 'initiative' as detail, last_row_id as row_id
    from profile
    where unit_kind = 'initiative'
    union all
    select
        cluster_id,
        rule_code,
        false as is_of_pair,
        coalesce(cast(last_named_on as {{ dbt.type_string() }}), '?')
        || coalesce(', ' || last_edition_id, '') as detail,
        last_row_id as row_id
    from age
    union all
    select
        profile.cluster_id,
        'funding_over' as rule_code,
        false as is_of_pair,
        cast(spell.funded_until as {{ dbt.type_string() }}) as detail,
        profile.last_row_id as row_id
    from profile
    inner join spell on profile.cluster_id = spell.cluster_id
    where profile.unit_kind in ('initiative', 'partnership')
        and spell.is_every_end_known
        and spell.funded_until < profile.as_of
)

select fact.*
from fact
inner join profile on fact.cluster_id = profile.cluster_id
where fact.rule_code <> 'targets_japan' or profile.region = 'EU'
