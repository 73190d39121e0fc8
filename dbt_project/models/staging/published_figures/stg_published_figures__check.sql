with

landed as (
    {{ landed_rows('published_figures__check') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('entry_no') }} as check_code,
        {{ corrected('rule') }} as rule_code,
        {{ corrected('left_side') }} as left_side,
        {{ corrected('operator') }} as operator,
        {{ corrected('right_side') }} as right_side,
        {{ row_citation() }}
    from landed
)

select * from final
