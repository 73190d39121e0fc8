with

stated as (
    {{ with_citation(ref('stg_published_figures__check')) }}
),

final as (
    select
        *,
        {{ is_newest('check_code') }} as is_current
    from stated
)

select * from final
