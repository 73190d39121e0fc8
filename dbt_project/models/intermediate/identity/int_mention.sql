-- Who a printed row names, and in which role: one row may name an entry, its lead and its partner.
with mention as (
    select
        mention_key,
        family,
        edition_id,
        'entry' as role,
        entry_key,
        row_id,
        name as name_printed,
        name_en as name_en_printed,
        name_ja as name_ja_printed,
        country_printed,
        prefecture_printed as region_printed,
        country_code,
        prefecture_code,
        website_printed,
        is_synthetic
    from {{ ref('int_entry') }}
    union all
    select
        {{ mention_key('lead') }} as mention_key,
        family,
        edition_id,
        'lead' as role,
        entry_key,
        row_id,
        coalesce(lead_name, promoting_body, core_organisation, lead_name_ja) as name_printed,
        cast(null as {{ dbt.type_string() }}) as name_en_printed,
        lead_name_ja as name_ja_printed,
        lead_country as country_printed,
        coalesce(lead_prefecture, prefecture) as region_printed,
        lead_country_read as country_code,
        coalesce(lead_prefecture_read, prefecture_read) as prefecture_code,
        cast(null as {{ dbt.type_string() }}) as website_printed,
        is_synthetic
    from {{ ref('stg_programme_roster__participant') }}
    union all
    select
        {{ mention_key('partner') }} as mention_key,
        family,
        edition_id,
        'partner' as role,
        entry_key,
        row_id,
        partner_name as name_printed,
        cast(null as {{ dbt.type_string() }}) as name_en_printed,
        cast(null as {{ dbt.type_string() }}) as name_ja_printed,
        partner_country as country_printed,
        partner_region as region_printed,
        partner_country_read as country_code,
        cast(null as {{ dbt.type_string() }}) as prefecture_code,
        cast(null as {{ dbt.type_string() }}) as website_printed,
        is_synthetic
    from {{ ref('stg_programme_roster__participant') }}
    union all
    select
        mention_key_jp as mention_key,
        family,
        edition_id,
        'party_jp' as role,
        entry_key,
        row_id,
        party_jp_printed as name_printed,
        cast(null as {{ dbt.type_string() }}) as name_en_printed,
        cast(null as {{ dbt.type_string() }}) as name_ja_printed,
        'JP' as country_printed,
        prefectures_printed as region_printed,
        'JP' as country_code,
        cast(null as {{ dbt.type_string() }}) as prefecture_code,
        cast(null as {{ dbt.type_string() }}) as website_printed,
        is_synthetic
    from {{ ref('stg_partnership_list__partnership') }}
    union all
    select
        mention_key_eu as mention_key,
        family,
        edition_id,
        'party_eu' as role,
        entry_key,
        row_id,
        party_eu_printed as name_printed,
        cast(null as {{ dbt.type_string() }}) as name_en_printed,
        cast(null as {{ dbt.type_string() }}) as name_ja_printed,
        partner_countries_printed as country_printed,
        nuts_codes_printed as region_printed,
        partner_country_code as country_code,
        cast(null as {{ dbt.type_string() }}) as prefecture_code,
        cast(null as {{ dbt.type_string() }}) as website_printed,
        is_synthetic
    from {{ ref('stg_partnership_list__partnership') }}
    union all
    select
        mention_key,
        family,
        edition_id,
        'member' as role,
        entry_key,
        row_id,
        name_printed,
        cast(null as {{ dbt.type_string() }}) as name_en_printed,
        cast(null as {{ dbt.type_string() }}) as name_ja_printed,
        country_printed,
        region_printed,
        country_code,
        cast(null as {{ dbt.type_string() }}) as prefecture_code,
        cast(null as {{ dbt.type_string() }}) as website_printed,
        is_synthetic
    from {{ ref('stg_partnership_list__member') }}
)

select * from mention
where name_printed is not null or role = 'entry'
