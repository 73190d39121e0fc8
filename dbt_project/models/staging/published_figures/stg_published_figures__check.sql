with

landed as (
    {{ landed_rows('published_figures__check') }}
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
        {{ corrected('entry_no') }} as check_code,
        {{ corrected('rule') }} as rule_code,
        {{ corrected('left_side') }} as left_side,
        {{ corrected('operator') }} as operator,
        {{ corrected('right_side') }} as right_side,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
