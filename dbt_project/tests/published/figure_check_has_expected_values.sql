-- Both sides of each listed check against the values that its author worked out. Models never read those.
with expected as (
    select
        entry_no as check_code,
        computed_left,
        computed_right
    from {{ source('raw', 'published_figures__check') }}
    where rejected_reason is null and computed_left is not null
)

select
    expected.*,
    report.left_value,
    report.right_value
from expected
left join {{ ref('rpt_control_gap') }} as report on expected.check_code = report.check_code
where report.left_value is distinct from expected.computed_left
    or report.right_value is distinct from expected.computed_right
