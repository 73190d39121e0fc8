with organisation as (
    select
        mention_key,
        family,
        edition_id,
        entry_key,
        row_id,
        row_number,
        name,
        name_en,
        name_ja,
        name_read,
        name_en_read,
        coalesce(country_code, country) as country_printed,
        coalesce(prefecture_code, prefecture) as prefecture_printed,
        country_read as country_code,
        prefecture_read,
        sector as sector_printed,
        sector_code,
        website as website_printed,
        website_status_code,
        internationalisation_level_code,
        {{ printed_year('coalesce(founded_read, founded)') }} as founded_year,
        {{ printed_year('coalesce(funding_end_read, funding_end)') }} as funding_end_year,
        coalesce(data_status_code = 'without_data', false) as is_contacted_only,
        coalesce(trust = 'C', false) as is_inferred,
        is_synthetic
    from {{ ref('stg_organisation_list__organisation') }}
),

participant as (
    select
        mention_key,
        family,
        edition_id,
        entry_key,
        row_id,
        row_number,
        name,
        name_en,
        name_ja,
        name_read,
        name_en_read,
        lead_country as country_printed,
        coalesce(prefecture, lead_prefecture) as prefecture_printed,
        lead_country_read as country_code,
        case when prefecture is null then lead_prefecture_read else prefecture_read end as prefecture_read,
        sector as sector_printed,
        sector_code,
        cast(null as {{ dbt.type_string() }}) as website_printed,
        cast(null as {{ dbt.type_string() }}) as website_status_code,
        cast(null as {{ dbt.type_string() }}) as internationalisation_level_code,
        cast(null as integer) as founded_year,
        {{ printed_year('coalesce(end_read, end_printed)') }} as funding_end_year,
        false as is_contacted_only,
        coalesce(trust = 'C', false) as is_inferred,
        is_synthetic
    from {{ ref('stg_programme_roster__participant') }}
),

entry as (
    select * from organisation
    union all
    select * from participant
),

-- Ingest reads the prefecture; a corrected one is looked up by its code or name. Two in one cell give no code.
prefecture_name as (
    select region_code, {{ name_key('region_code') }} as name_key from {{ ref('int_region') }}
    where is_current and region_scheme = 'ISO 3166-2:JP'
    union
    select region_code, {{ name_key('name_en') }} as name_key from {{ ref('int_region') }}
    where is_current and region_scheme = 'ISO 3166-2:JP'
    union
    select region_code, {{ name_key('name_ja') }} as name_key from {{ ref('int_region') }}
    where is_current and region_scheme = 'ISO 3166-2:JP'
    union
    select region_code, {{ name_key('name_printed') }} as name_key from {{ ref('int_region') }}
    where is_current and region_scheme = 'ISO 3166-2:JP'
)

select
    entry.*,
    coalesce(entry.prefecture_read, prefecture_name.region_code) as prefecture_code
from entry
left join prefecture_name on {{ name_key('entry.prefecture_printed') }} = prefecture_name.name_key
