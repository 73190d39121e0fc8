with

landed as (
    {{ landed_rows('published_figures__figure') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('entry_no') }} as figure_code,
        {{ corrected('figure_group') }} as figure_group,
        {{ corrected('document_title') }} as document_title,
        {{ corrected('statement') }} as statement,
        coalesce({{ corrected('comparator_code') }}, {{ corrected('comparator') }}) as comparator_code,
        {{ corrected('value') }} as value_printed,
        try_cast({{ corrected_read('value') }} as double) as value,
        {{ corrected('unit') }} as unit,
        {{ corrected('currency') }} as currency,
        {{ corrected('population') }} as population,
        {{ corrected('year') }} as year_printed,
        {{ row_citation() }}
    from landed
)

select * from final
