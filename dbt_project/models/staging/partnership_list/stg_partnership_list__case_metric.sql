with

landed as (
    {{ landed_rows('partnership_list__case_metric') }}
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
        {{ corrected('case_no') }} as case_code,
        {{ corrected('metric') }} as metric,
        {{ corrected('value') }} as value_printed,
        try_cast({{ corrected('value') }} as double) as value,
        {{ corrected('unit') }} as unit,
        {{ corrected('comparator') }} as comparator_code,
        {{ corrected('year') }} as year_printed,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
