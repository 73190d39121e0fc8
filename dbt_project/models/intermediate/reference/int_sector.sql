with

stated as (
    {{ with_citation(ref('stg_reference_list__sector')) }}
),

final as (
    select
        *,
        {{ is_newest('scheme_code, sector_code') }} as is_current
    from stated
)

select * from final
