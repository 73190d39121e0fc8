-- Every programme that a list, a total or a document names; an attribute stands here only if all sources agree on it.
with

claim as (
    select * from {{ ref('int_programme_claim') }}
    where is_current
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
        count(distinct owner_printed) > 1 or count(distinct first_year) > 1 or count(distinct last_year) > 1
            as is_disputed
    from claim
    group by programme_code
),

final as (
    select
        named.programme_code,
        coalesce(agreed.name_en, named.programme_code) as name_en,
        agreed.name_ja,
        agreed.owner_name,
        agreed.managed_by_name,
        agreed.first_year,
        agreed.last_year,
        agreed.successor_of_printed,
        coalesce(agreed.is_disputed, false) as is_disputed,
        coalesce(agreed.n_claims, 0) as n_claims,
        cast(coalesce(participation.n_participations, 0) as integer) as n_participations,
        cast(coalesce(total.n_totals, 0) as integer) as n_totals
    from named
    left join agreed on named.programme_code = agreed.programme_code
    left join participation on named.programme_code = participation.programme_code
    left join total on named.programme_code = total.programme_code
)

select * from final
