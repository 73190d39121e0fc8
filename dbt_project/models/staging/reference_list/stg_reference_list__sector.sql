with

landed as (
    {{ landed_rows('reference_list__sector') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('scheme') }} as scheme_code,
        {{ corrected('code') }} as sector_code,
        {{ corrected('label') }} as label,
        {{ row_citation() }}
    from landed
)

select * from final
