-- Sets of countries, one row per set and country: as a document prints them, and from the member rows.
with

country_alias as (
    select * from {{ ref('country_alias') }}
),

printed as (
    select
        'printed_set' as set_kind,
        control_set.set_code,
        coalesce(country_alias.country_code, control_set.country_printed) as country_code
    from {{ ref('control_set') }} as control_set
    left join country_alias on control_set.country_printed = country_alias.alias
),

member as (
    select distinct
        'member_set' as set_kind,
        partnership_code as set_code,
        country_code
    from {{ ref('int_partnership_member') }}
    where country_code is not null
),

final as (
    select * from printed
    union all
    select * from member
)

select * from final
