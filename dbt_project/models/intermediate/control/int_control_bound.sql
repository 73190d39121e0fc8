-- What two published totals of a family allow at most and at least, when the rows behind them are not known.
with

total as (
    select
        split_part(subject_edition_id, '/', 1) as subject_family,
        subject_edition_printed,
        n,
        cited_source,
        source_title,
        source_address,
        cited_locator
    from {{ ref('int_own_aggregate') }}
    where column_name = 'listed' and is_current
),

paired as (
    select
        *,
        lag(subject_edition_printed) over by_edition as from_edition,
        lag(n) over by_edition as from_n
    from total
    window by_edition as (partition by subject_family order by subject_edition_printed)
)

select
    'S-' || from_edition || '-' || subject_edition_printed || '-survivor' as check_code,
    'survivors from ' || from_edition || ' to ' || subject_edition_printed as left_side,
    'between' as operator,
    '0 and the smaller of the two totals' as right_side,
    cast(null as {{ dbt.type_string() }}) as left_value,
    '0..' || least(from_n, n) as right_value,
    'derived bounds 0..' || least(from_n, n) as status,
    cited_source,
    source_title,
    source_address,
    cited_locator
from paired
where from_n is not null
union all
select
    'S-' || from_edition || '-' || subject_edition_printed || '-entrant' as check_code,
    'new entrants from ' || from_edition || ' to ' || subject_edition_printed as left_side,
    '>=' as operator,
    'difference of the two totals' as right_side,
    cast(null as {{ dbt.type_string() }}) as left_value,
    cast(greatest(n - from_n, 0) as {{ dbt.type_string() }}) as right_value,
    'derived lower bound ' || greatest(n - from_n, 0) as status,
    cited_source,
    source_title,
    source_address,
    cited_locator
from paired
where from_n is not null
