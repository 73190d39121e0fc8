-- The status of each listed check against the status that its author expected. Models never read the expected one.
with expected as (
    select
        entry_no as check_code,
        expected_status
    from {{ source('raw', 'published_figures__check') }}
    where rejected_reason is null and expected_status is not null
)

select
    expected.check_code,
    expected.expected_status,
    report.status
from expected
left join {{ ref('rpt_control_gap') }} as report on expected.check_code = report.check_code
where report.status is distinct from expected.expected_status
