-- The two sets of a set check as text, and the countries that only one of them holds.
with

member as (
    select
        term.check_code,
        term.side,
        term.value_kind,
        held.country_code
    from {{ ref('control_term') }} as term
    inner join {{ ref('int_control_set') }} as held
        on term.value_kind = held.set_kind
        and term.value_code = held.set_code
    where term.role = 'set'
),

paired as (
    select
        check_code,
        country_code,
        bool_or(side = 'left') as is_left,
        bool_or(side = 'right') as is_right
    from member
    group by check_code, country_code
)

select
    check_code,
    {{ dbt.listagg('case when is_left then country_code end', "' '", 'order by country_code') }} as left_text,
    {{ dbt.listagg('case when is_right then country_code end', "' '", 'order by country_code') }} as right_text,
    {{ dbt.listagg('case when is_left and not is_right then country_code end', "' '", 'order by country_code') }}
        as only_left_text,
    {{ dbt.listagg('case when is_right and not is_left then country_code end', "' '", 'order by country_code') }}
        as only_right_text
from paired
group by check_code
