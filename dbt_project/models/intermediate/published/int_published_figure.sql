with

stated as (
    {{ with_citation(ref('stg_published_figures__figure')) }}
),

final as (
    select
        *,
        {{ is_newest('figure_code') }} as is_current
    from stated
)

select * from final
