with

listed as (
    select
        checked.check_code,
        checked.rule_code as rule,
        checked.left_side,
        checked.operator,
        checked.right_side,
        result.left_value,
        result.right_value,
        result.status,
        result.basis,
        coalesce(result.left_terms, result.left_value)
        || coalesce('; right: ' || result.right_terms, '; right: ' || result.right_value, '')
        || coalesce('; relative change ' || result.relative_value || ' percent', '')
        || coalesce('; only left: ' || result.only_left_text, '')
        || coalesce('; only right: ' || result.only_right_text, '') as explanation,
        checked.cited_source,
        checked.source_title,
        checked.source_address,
        checked.cited_locator
    from {{ ref('fct_figure_check') }} as checked
    inner join {{ ref('int_control_result') }} as result on checked.check_code = result.check_code
    where checked.is_current
),

aggregate_row as (
    select
        'M-' || replace(subject_edition_id, 'cluster_mapping/', '') || '-' || dimension_code || '-' || category_code
            as check_code,
        'count' as rule,
        'our rows: ' || dimension_code || ' ' || category_code as left_side,
        case comparator_code when 'ge' then '>=' else '=' end as operator,
        'published for ' || subject_edition_id as right_side,
        cast(n_own as {{ dbt.type_string() }}) as left_value,
        cast(n as {{ dbt.type_string() }}) as right_value,
        case
            when n_own is null then 'no rows'
            when n_own <> n and not (comparator_code = 'ge' and n_own > n) then 'fail'
            when is_by_construction then 'by construction'
            else 'pass'
        end as status,
        case
            when is_by_construction then 'by_construction'
            when n_own is null then 'published'
            else 'rows'
        end as basis,
        case
            when n_own is null then 'No rows of this edition are at hand'
            when is_by_construction
                then 'The rows are synthetic and were made to meet the published number; it confirms nothing'
            else 'Counted from the rows of the edition'
        end as explanation,
        cited_source,
        source_title,
        source_address,
        cited_locator
    from {{ ref('fct_published_aggregate') }}
    where is_current
),

bound as (
    select
        check_code,
        'bound' as rule,
        left_side,
        operator,
        right_side,
        left_value,
        right_value,
        status,
        'published' as basis,
        'From the published totals alone; the rows of the two editions are not public' as explanation,
        cited_source,
        source_title,
        source_address,
        cited_locator
    from {{ ref('int_control_bound') }}
)

select * from listed
union all
select * from aggregate_row
union all
select * from bound
