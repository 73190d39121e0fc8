-- A term of a control that names no value would make its check silently wrong.
with named as (
    select check_code, value_kind, value_code
    from {{ ref('control_term') }}
    where role <> 'set'
),

set_term as (
    select check_code, value_kind, value_code
    from {{ ref('control_term') }}
    where role = 'set'
)

select named.*
from named
left join {{ ref('int_control_value') }} as known
    on named.value_kind = known.value_kind
    and named.value_code = known.value_code
where known.value_code is null
union all
select set_term.*
from set_term
left join {{ ref('int_control_set') }} as held
    on set_term.value_kind = held.set_kind
    and set_term.value_code = held.set_code
where held.set_code is null
