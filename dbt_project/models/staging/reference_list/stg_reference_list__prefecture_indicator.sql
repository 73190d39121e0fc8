with

landed as (
    {{ landed_rows('reference_list__prefecture_indicator') }}
),

final as (
    select
        row_id,
        source_id,
        family,
        edition,
        {{ edition_id() }} as edition_id,
        is_synthetic,
        entry_key,
        {{ corrected('iso_code') }} as region_code,
        try_cast({{ corrected('population') }} as double) as population,
        try_cast({{ corrected('population_rank') }} as double) as population_rank,
        try_cast({{ corrected('population_year') }} as integer) as population_year,
        try_cast({{ corrected('area_km2') }} as double) as area_km2,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
