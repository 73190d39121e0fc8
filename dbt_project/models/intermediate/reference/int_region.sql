with

prefecture as (
    {{ with_citation(ref('stg_reference_list__prefecture')) }}
),

nuts_region as (
    {{ with_citation(ref('stg_reference_list__nuts_region')) }}
),

region as (
    select
        region_code,
        'ISO 3166-2:JP' as region_scheme,
        edition as region_version,
        'prefecture' as region_level,
        'JP' as country_code,
        'JP' as parent_code,
        name_en,
        name_ja,
        name_ja_short as name_printed,
        region_group,
        {{ published_row_columns() }}
    from prefecture
    union all
    select
        region_code,
        'NUTS' as region_scheme,
        nuts_version as region_version,
        'NUTS ' || nuts_level as region_level,
        country_code,
        case when nuts_level = 1 then country_code else left(region_code, length(region_code) - 1) end as parent_code,
        name as name_en,
        null as name_ja,
        name_printed,
        null as region_group,
        {{ published_row_columns() }}
    from nuts_region
),

final as (
    select
        *,
        {{ is_newest('region_code') }} as is_current
    from region
)

select * from final
