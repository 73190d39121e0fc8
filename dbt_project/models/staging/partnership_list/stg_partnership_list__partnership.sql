with

landed as (
    {{ landed_rows('partnership_list__partnership') }}
),

country as (
    select * from {{ ref('country') }}
),

country_alias as (
    select * from {{ ref('country_alias') }}
),

programme_alias as (
    select * from {{ ref('programme_alias') }}
),

printed as (
    select
        {{ row_place() }},
        {{ mention_key('party_jp') }} as mention_key_jp,
        {{ mention_key('party_eu') }} as mention_key_eu,
        {{ corrected('entry_no') }} as partnership_code,
        {{ corrected('party_jp') }} as party_jp_printed,
        {{ corrected('party_eu') }} as party_eu_printed,
        {{ corrected('prefecture') }} as prefectures_printed,
        {{ corrected('country') }} as partner_countries_printed,
        {{ corrected('nuts') }} as nuts_codes_printed,
        {{ corrected('sector') }} as sector_printed,
        {{ corrected('partnership_kind') }} as partnership_kind_printed,
        {{ corrected('start') }} as start_printed,
        {{ corrected_read('start') }} as start_read,
        {{ corrected('agreement') }} as agreement_printed,
        {{ corrected('agreement_date') }} as agreement_date_printed,
        {{ corrected_read('agreement_date') }} as agreement_date_read,
        {{ corrected('programme') }} as programme_printed,
        {{ row_citation() }}
    from landed
),

final as (
    select
        printed.*,
        country.country_code as partner_country_code,
        coalesce(
            programme_alias.programme_code, upper(replace(replace(printed.programme_printed, ' ', '_'), '-', '_'))
        ) as programme_code
    from printed
    left join country_alias on printed.partner_countries_printed = country_alias.alias
    left join country on coalesce(country_alias.country_code, printed.partner_countries_printed) = country.country_code
    left join programme_alias on printed.programme_printed = programme_alias.alias
)

select * from final
