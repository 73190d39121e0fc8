with

landed as (
    {{ landed_rows('survey__result') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('survey') }} as survey_code,
        {{ corrected('question') }} as question,
        {{ corrected('answer') }} as answer,
        coalesce({{ corrected('question') }} like '%(multiple)%', false) as is_multiple,
        try_cast({{ corrected_read('n') }} as integer) as n,
        try_cast({{ corrected_read('base_n') }} as integer) as base_n,
        try_cast({{ corrected_read('percent') }} as double) as percent_printed,
        coalesce({{ corrected('comparator_code') }}, {{ corrected('comparator') }}) as comparator_code,
        {{ row_citation() }}
    from landed
)

select * from final
