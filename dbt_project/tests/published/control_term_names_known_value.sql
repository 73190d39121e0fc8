-- A term that names no value would leave its check without a result.
with term as (
    select
        term.check_code,
        term.role,
        term.value_kind,
        term.value_code
    from {{ ref('control_term') }} as term
    inner join {{ ref('fct_figure_check') }} as checked
        on term.check_code = checked.check_code
        and checked.is_current
),

known as (
    select value_kind, value_code from {{ ref('int_control_value') }}
    union
    select set_kind, set_code from {{ ref('int_control_set') }}
)

select term.*
from term
left join known
    on term.value_kind = known.value_kind
    and term.value_code = known.value_code
where known.value_code is null
