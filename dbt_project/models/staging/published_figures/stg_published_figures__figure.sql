with

landed as (
    {{ landed_rows('published_figures__figure') }}
),

final as (
    select
        row_id,
        source_id,
        family,
        edition,
        {{ edition_id() }} as edition_id,
        is_synthetic,
        entry_key,
        {{ corrected('entry_no') }} as figure_code,
        {{ corrected('figure_group') }} as figure_group,
        {{ corrected('document_title') }} as document_title,
        {{ corrected('statement') }} as statement,
        coalesce({{ corrected('comparator_code') }}, {{ corrected('comparator') }}) as comparator_code,
        {{ corrected('value') }} as value_printed,
        try_cast({{ corrected('value') }} as double) as value,
        {{ corrected('unit') }} as unit,
        {{ corrected('currency') }} as currency,
        {{ corrected('population') }} as population,
        {{ corrected('year') }} as year_printed,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
