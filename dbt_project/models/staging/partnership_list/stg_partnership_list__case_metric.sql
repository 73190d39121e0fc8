with

landed as (
    {{ landed_rows('partnership_list__case_metric') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('case_no') }} as case_code,
        {{ corrected('metric') }} as metric,
        {{ corrected('value') }} as value_printed,
        try_cast({{ corrected_read('value') }} as double) as value,
        {{ corrected('unit') }} as unit,
        {{ corrected('comparator') }} as comparator_code,
        {{ corrected('year') }} as year_printed,
        {{ row_citation() }}
    from landed
)

select * from final
