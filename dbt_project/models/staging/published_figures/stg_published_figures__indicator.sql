with

landed as (
    {{ landed_rows('published_figures__indicator') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('entry_no') }} as indicator_code,
        {{ corrected('sector') }} as sector_printed,
        {{ corrected('indicator') }} as indicator,
        {{ corrected('value') }} as value_printed,
        try_cast({{ corrected_read('value') }} as double) as value,
        {{ corrected('unit') }} as unit,
        {{ corrected('currency') }} as currency,
        {{ corrected('year') }} as year_printed,
        {{ printed_year('coalesce(' ~ corrected_read('year') ~ ', ' ~ corrected('year') ~ ')') }} as indicator_year,
        {{ corrected('geography') }} as geography_printed,
        coalesce({{ corrected('comparator_code') }}, {{ corrected('comparator') }}) as comparator_code,
        {{ row_citation() }}
    from landed
)

select * from final
