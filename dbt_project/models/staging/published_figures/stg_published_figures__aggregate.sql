with

landed as (
    {{ landed_rows('published_figures__aggregate') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('subject_edition') }} as subject_edition_printed,
        {{ corrected('dimension') }} as dimension_code,
        {{ corrected('category') }} as category_code,
        {{ corrected('n') }} as n_printed,
        try_cast({{ corrected_read('n') }} as integer) as n,
        coalesce({{ corrected('comparator_code') }}, {{ corrected('comparator') }}) as comparator_code,
        try_cast({{ corrected_read('base_n') }} as integer) as base_n,
        {{ row_citation() }}
    from landed
)

select * from final
