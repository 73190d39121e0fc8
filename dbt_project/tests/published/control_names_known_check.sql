-- Control rows for a check that nobody lists are left-overs. Only a warning: the list of checks is a source of its own.
{{ config(severity='warn') }}

select distinct term.check_code
from {{ ref('control_term') }} as term
left join {{ ref('fct_figure_check') }} as checked on term.check_code = checked.check_code
where checked.check_code is null
