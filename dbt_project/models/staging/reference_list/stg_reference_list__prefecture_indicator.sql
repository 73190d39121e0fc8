with

landed as (
    {{ landed_rows('reference_list__prefecture_indicator') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('iso_code') }} as region_code,
        try_cast({{ corrected_read('population') }} as double) as population,
        try_cast({{ corrected_read('population_rank') }} as double) as population_rank,
        try_cast({{ corrected_read('population_year') }} as integer) as population_year,
        try_cast({{ corrected_read('area_km2') }} as double) as area_km2,
        {{ row_citation() }}
    from landed
)

select * from final
