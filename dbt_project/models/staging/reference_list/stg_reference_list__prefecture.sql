with

landed as (
    {{ landed_rows('reference_list__prefecture') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('iso_code') }} as region_code,
        {{ corrected('code') }} as local_code,
        {{ corrected('name_en') }} as name_en,
        {{ corrected('name_ja') }} as name_ja,
        {{ corrected('name_ja_short') }} as name_ja_short,
        {{ corrected('region_group') }} as region_group,
        {{ row_citation() }}
    from landed
)

select * from final
