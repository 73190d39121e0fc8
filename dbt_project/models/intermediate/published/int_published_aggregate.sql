with

stated as (
    {{ with_citation(ref('stg_published_figures__aggregate')) }}
),

final as (
    select
        *,
        {{ is_newest('subject_edition_printed, dimension_code, category_code') }} as is_current
    from stated
)

select * from final
