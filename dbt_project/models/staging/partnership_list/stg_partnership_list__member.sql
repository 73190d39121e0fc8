with

landed as (
    {{ landed_rows('partnership_list__member') }}
),

country as (
    select * from {{ ref('country') }}
),

country_alias as (
    select * from {{ ref('country_alias') }}
),

printed as (
    select
        {{ row_place() }},
        {{ mention_key('member') }} as mention_key,
        {{ corrected('partnership') }} as partnership_code,
        {{ corrected('name') }} as name_printed,
        {{ corrected('country') }} as country_printed,
        {{ corrected_read('country') }} as country_read,
        {{ corrected('region') }} as region_printed,
        {{ corrected('role') }} as member_role,
        {{ row_citation() }}
    from landed
),

final as (
    select
        printed.*,
        coalesce(country.country_code, printed.country_read) as country_code
    from printed
    left join country_alias on printed.country_printed = country_alias.alias
    left join country on coalesce(country_alias.country_code, printed.country_printed) = country.country_code
)

select * from final
