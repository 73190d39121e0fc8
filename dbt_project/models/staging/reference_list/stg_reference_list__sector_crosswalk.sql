with

landed as (
    {{ landed_rows('reference_list__sector_crosswalk') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('from_scheme') }} as from_scheme_code,
        {{ corrected('from_code') }} as from_sector_code,
        {{ corrected('to_scheme') }} as to_scheme_code,
        {{ corrected('to_code') }} as to_sector_code,
        {{ corrected('match') }} as match_kind,
        {{ row_citation() }}
    from landed
)

select * from final
