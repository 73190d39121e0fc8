with

stated as (
    {{ with_citation(ref('stg_published_figures__indicator')) }}
),

final as (
    select
        *,
        {{ is_newest('indicator_code') }} as is_current
    from stated
)

select * from final
