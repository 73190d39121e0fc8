with

landed as (
    {{ landed_rows('published_figures__programme_total') }}
),

programme_alias as (
    select * from {{ ref('programme_alias') }}
),

printed as (
    select
        {{ row_place() }},
        {{ corrected('programme') }} as programme_printed,
        {{ corrected('metric') }} as metric,
        {{ corrected('value') }} as value_printed,
        try_cast({{ corrected_read('value') }} as double) as value,
        {{ corrected('unit') }} as unit,
        coalesce({{ corrected('comparator_code') }}, {{ corrected('comparator') }}) as comparator_code,
        {{ corrected('period') }} as period_printed,
        {{ row_citation() }}
    from landed
),

final as (
    select
        printed.*,
        coalesce(
            programme_alias.programme_code, upper(replace(replace(printed.programme_printed, ' ', '_'), '-', '_'))
        ) as programme_code
    from printed
    left join programme_alias on printed.programme_printed = programme_alias.alias
)

select * from final
