-- Where a list of known rows is short of a published total: how many are missing in which area.
with

term as (
    select
        term.check_code,
        term.side,
        area.area_group,
        known.value,
        known.unit
    from {{ ref('control_term') }} as term
    inner join {{ ref('control_area') }} as area
        on term.check_code = area.check_code
        and term.item = area.item
    inner join {{ ref('int_control_value') }} as known
        on term.value_kind = known.value_kind
        and term.value_code = known.value_code
    where term.role = 'area'
),

adjective as (
    select
        area_group,
        min(adjective) as adjective
    from {{ ref('world_area') }}
    group by area_group
),

short as (
    select
        term.check_code,
        term.area_group,
        adjective.adjective,
        cast(sum(case term.side when 'right' then term.value else -term.value end) as integer) as n_missing,
        max(case when term.side = 'right' then term.unit end) as unit
    from term
    inner join adjective on term.area_group = adjective.area_group
    group by term.check_code, term.area_group, adjective.adjective
),

worded as (
    select
        check_code,
        area_group,
        n_missing,
        case n_missing
            when 1 then 'one' when 2 then 'two' when 3 then 'three' when 4 then 'four' when 5 then 'five'
            when 6 then 'six' when 7 then 'seven' when 8 then 'eight' when 9 then 'nine'
            else cast(n_missing as {{ dbt.type_string() }})
        end || ' ' || adjective || ' ' || case n_missing when 1 then rtrim(unit, 's') else unit end as words
    from short
    where n_missing > 0
)

select
    check_code,
    cast(sum(n_missing) as integer) as n_missing,
    {{ dbt.listagg('words', "' and '", 'order by area_group') }} || ' missing' as words
from worded
group by check_code
