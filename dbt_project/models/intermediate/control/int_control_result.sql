-- The status of every check of the current list. The kind of comparison follows from the rule that the check states
-- and from which sides have terms; nothing here knows a single check.
with

checked as (
    select * from {{ ref('int_figure_check') }}
    where is_current
),

side as (
    select * from {{ ref('int_control_side') }}
),

part as (
    select
        coalesce(left_side.check_code, right_side.check_code) as check_code,
        coalesce(left_side.part, right_side.part) as part,
        left_side.value as left_number,
        right_side.value as right_number,
        left_side.relative_value,
        left_side.value_text as left_text,
        right_side.value_text as right_text,
        right_side.sum_text,
        left_side.terms_text as left_terms,
        right_side.terms_text as right_terms,
        coalesce(left_side.is_counted, false) or coalesce(right_side.is_counted, false) as is_counted
    from (select * from side where side = 'left') as left_side
    full outer join (select * from side where side = 'right') as right_side
        on left_side.check_code = right_side.check_code
        and left_side.part = right_side.part
),

summed as (
    select
        check_code,
        count(*) as n_parts,
        count(distinct left_number) as n_left_numbers,
        count(right_number) as n_right_numbers,
        bool_and(left_number = right_number) as is_each_equal,
        max(left_number) as left_number,
        max(right_number) as right_number,
        max(relative_value) as relative_value,
        bool_or(is_counted) as is_counted,
        {{ dbt.listagg('left_text', "'; '", 'order by part') }} as left_text,
        {{ dbt.listagg('right_text', "'; '", 'order by part') }} as right_text,
        {{ dbt.listagg('sum_text', "'; '", 'order by part') }} as right_split,
        {{ dbt.listagg('left_terms', "'; '", 'order by part') }} as left_terms,
        {{ dbt.listagg('right_terms', "'; '", 'order by part') }} as right_terms
    from part
    group by check_code
),

final as (
    select
        checked.check_code,
        coalesce(country_set.left_text, summed.left_text) as left_value,
        case
            when country_set.check_code is not null then country_set.right_text
            when summed.n_parts > 1 then summed.right_split
            else summed.right_text
        end as right_value,
        summed.left_number,
        summed.right_number,
        summed.relative_value,
        case
            when country_set.check_code is not null
                then case when country_set.left_text = country_set.right_text then 'pass' else 'fail' end
            when summed.left_number is null then 'not computed'
            when summed.n_right_numbers = 0 and checked.rule_code = 'bound'
                then 'derived lower bound ' || summed.left_text
            when summed.n_right_numbers = 0 then 'derived'
            when summed.n_parts > 1
                then case when summed.is_each_equal then 'pass each' else 'fail' end
                    || case when summed.n_left_numbers > 1 then ', conflict between' else '' end
            when checked.rule_code = 'difference' and summed.relative_value is not null
                then case when summed.left_number = summed.right_number then 'pass' else 'fail' end || ' as points, '
                    || case when summed.relative_value = summed.right_number then 'pass' else 'fail' end
                    || ' as percent'
            when missing.n_missing = summed.right_number - summed.left_number then missing.words
            when checked.operator = '<='
                then case when summed.left_number <= summed.right_number then 'pass' else 'fail' end
            when checked.operator = '>'
                then case when summed.left_number > summed.right_number then 'pass' else 'fail' end
            when summed.left_number = summed.right_number then 'pass'
            else 'fail'
        end as status,
        case when coalesce(summed.is_counted, true) then 'rows' else 'published' end as basis,
        summed.left_terms,
        summed.right_terms,
        country_set.only_left_text,
        country_set.only_right_text
    from checked
    left join summed on checked.check_code = summed.check_code
    left join {{ ref('int_control_set_side') }} as country_set on checked.check_code = country_set.check_code
    left join {{ ref('int_control_missing') }} as missing on checked.check_code = missing.check_code
)

select * from final
