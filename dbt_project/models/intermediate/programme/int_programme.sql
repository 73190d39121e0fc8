-- Every programme that a list, a total or a document names; an attribute stands here only if all sources agree on it or
-- a reviewed contradiction says which of them is right.
with

claim as (
    select * from {{ ref('int_programme_claim') }}
    where is_current
),

-- The source that the review of a contradiction supports, per attribute.
reviewed as (
    select
        chosen.programme_code,
        chosen.attribute,
        case resolution.supported_claim
            when 'a' then contradiction.cited_source
            when 'b' then contradiction.cited_source_b
        end as cited_source
    from {{ ref('programme_resolution') }} as chosen
    inner join {{ ref('conflict_resolution') }} as resolution on chosen.conflict_code = resolution.conflict_code
    inner join {{ ref('int_source_contradiction') }} as contradiction
        on chosen.conflict_code = contradiction.conflict_code
        and contradiction.is_current
),

resolved as (
    select
        claim.programme_code,
        min(claim.owner_printed) filter (where reviewed.attribute = 'owner') as owner_name,
        min(claim.first_year) filter (where reviewed.attribute = 'first_year') as first_year,
        min(claim.last_year) filter (where reviewed.attribute = 'last_year') as last_year
    from claim
    inner join reviewed
        on claim.programme_code = reviewed.programme_code
        and claim.cited_source = reviewed.cited_source
    group by claim.programme_code
),

participation as (
    select
        programme_code,
        count(*) as n_participations
    from {{ ref('int_programme_participation') }}
    group by programme_code
),

total as (
    select
        programme_code,
        count(*) as n_totals
    from {{ ref('int_programme_total') }}
    group by programme_code
),

named as (
    select programme_code from claim
    union
    select programme_code from participation
    union
    select programme_code from total
    union
    select programme_code from {{ ref('int_partnership') }}
    where programme_code is not null
),

agreed as (
    select
        programme_code,
        min_by(name_en, row_id) as name_en,
        min(name_ja) as name_ja,
        case when count(distinct owner_printed) = 1 then min(owner_printed) end as owner_name,
        case when count(distinct managed_by_printed) = 1 then min(managed_by_printed) end as managed_by_name,
        case when count(distinct first_year) = 1 then min(first_year) end as first_year,
        case when count(distinct last_year) = 1 then min(last_year) end as last_year,
        case when count(distinct successor_of_printed) = 1 then min(successor_of_printed) end as successor_of_printed,
        cast(count(*) as integer) as n_claims,
        count(distinct owner_printed) > 1 as is_owner_disputed,
        count(distinct first_year) > 1 as is_first_year_disputed,
        count(distinct last_year) > 1 as is_last_year_disputed
    from claim
    group by programme_code
),

final as (
    select
        named.programme_code,
        coalesce(agreed.name_en, named.programme_code) as name_en,
        agreed.name_ja,
        coalesce(resolved.owner_name, agreed.owner_name) as owner_name,
        agreed.managed_by_name,
        coalesce(resolved.first_year, agreed.first_year) as first_year,
        coalesce(resolved.last_year, agreed.last_year) as last_year,
        agreed.successor_of_printed,
        coalesce(agreed.is_owner_disputed and resolved.owner_name is null, false)
        or coalesce(agreed.is_first_year_disputed and resolved.first_year is null, false)
        or coalesce(agreed.is_last_year_disputed and resolved.last_year is null, false) as is_disputed,
        coalesce(agreed.n_claims, 0) as n_claims,
        cast(coalesce(participation.n_participations, 0) as integer) as n_participations,
        cast(coalesce(total.n_totals, 0) as integer) as n_totals
    from named
    left join agreed on named.programme_code = agreed.programme_code
    left join resolved on named.programme_code = resolved.programme_code
    left join participation on named.programme_code = participation.programme_code
    left join total on named.programme_code = total.programme_code
)

select * from final
