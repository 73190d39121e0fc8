with

stated as (
    {{ with_citation(ref('stg_reference_list__prefecture_indicator')) }}
),

indicator as (
    select
        region_code,
        'population' as indicator_code,
        population as value,
        'persons' as unit,
        population_year as indicator_year,
        {{ published_row_columns() }}
    from stated
    union all
    select
        region_code,
        'population_rank' as indicator_code,
        population_rank as value,
        'rank' as unit,
        population_year as indicator_year,
        {{ published_row_columns() }}
    from stated
    union all
    select
        region_code,
        'area' as indicator_code,
        area_km2 as value,
        'km2' as unit,
        cast(null as integer) as indicator_year,
        {{ published_row_columns() }}
    from stated
),

final as (
    select
        *,
        {{ is_newest('region_code, indicator_code') }} as is_current
    from indicator
)

select * from final
