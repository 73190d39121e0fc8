-- Control rows for a check that nobody lists any more are left-overs.
select distinct term.check_code
from {{ ref('control_term') }} as term
left join {{ ref('fct_figure_check') }} as checked on term.check_code = checked.check_code
where checked.check_code is null
