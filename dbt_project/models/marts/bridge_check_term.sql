-- A group of figures stands once per figure. Sets of countries and areas are no numbers and stand in the check's text.
select
    term.check_code,
    term.side,
    cast(term.part as integer) as part,
    cast(term.item as integer) as item,
    term.role,
    term.value_kind,
    term.value_code,
    known.item_code,
    known.label,
    known.value,
    known.unit,
    known.is_counted
from {{ ref('control_term') }} as term
inner join {{ ref('int_control_value') }} as known
    on term.value_kind = known.value_kind
    and term.value_code = known.value_code
where term.role not in ('set', 'area')
