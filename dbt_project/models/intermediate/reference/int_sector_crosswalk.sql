with

stated as (
    {{ with_citation(ref('stg_reference_list__sector_crosswalk')) }}
),

final as (
    select
        *,
        {{ is_newest('from_scheme_code, from_sector_code, to_scheme_code, to_sector_code') }} as is_current
    from stated
)

select * from final
