-- Where in the world a country counts, by day: a member state of the European Union is 'EU' while it is a member.
with

country as (
    select * from {{ ref('country') }}
),

membership as (
    select
        country_code,
        cast(member_from as date) as member_from,
        coalesce(cast(member_to as date), date '9999-12-31') as member_to
    from {{ ref('eu_membership') }}
),

world_area as (
    select * from {{ ref('world_area') }}
),

period as (
    select
        country_code,
        'EU' as world_area,
        member_from as valid_from,
        member_to as valid_to
    from membership
    union all
    select
        country.country_code,
        country.world_area,
        date '0001-01-01' as valid_from,
        coalesce(cast(membership.member_from - interval '1' day as date), date '9999-12-31') as valid_to
    from country
    left join membership on country.country_code = membership.country_code
    union all
    select
        country.country_code,
        country.world_area,
        cast(membership.member_to + interval '1' day as date) as valid_from,
        date '9999-12-31' as valid_to
    from country
    inner join membership on country.country_code = membership.country_code
    where membership.member_to < date '9999-12-31'
),

final as (
    select
        period.country_code,
        period.world_area as partner_area,
        world_area.area_group,
        world_area.adjective as area_adjective,
        period.world_area = 'EU' as is_in_eu,
        period.valid_from,
        period.valid_to
    from period
    inner join world_area on period.world_area = world_area.world_area
)

select * from final
