with

landed as (
    {{ landed_rows('reference_list__nuts_region') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('code') }} as region_code,
        try_cast({{ corrected('level') }} as integer) as nuts_level,
        {{ corrected('country') }} as country_code,
        {{ corrected('name') }} as name,
        {{ corrected('name_printed') }} as name_printed,
        coalesce({{ corrected('nuts_version') }}, edition) as nuts_version,
        {{ row_citation() }}
    from landed
)

select * from final
