with checked as (
    select
        *,
        withdrawn_on is null as is_live,
        count(*) filter (where withdrawn_on is null) over (
            partition by family, edition, entry_key, column_name
        ) as n_live
    from {{ source('raw', 'registry__correction') }}
),

fault as (
    select
        correction_id,
        case
            when is_live and n_live > 1 then 'another live correction is about the same cell; withdraw one of the two'
            when reason is null or decided_by is null or decided_on is null
                then 'reason, decided_by or decided_on is empty; fill all three'
            when withdrawn_on is not null and withdrawn_reason is null
                then 'it is withdrawn without a reason; fill withdrawn_reason'
            when coalesce(expected_value, '') = coalesce(corrected_value, '') then 'it changes nothing; take it out'
        end as fault
    from checked
)

select
    correction_id,
    'The correction ' || correction_id || ' in corrections.csv is not valid: ' || fault || '.' as problem
from fault
where fault is not null
