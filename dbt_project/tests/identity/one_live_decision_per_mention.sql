with live as (
    select
        mention_key,
        register_file,
        line_number,
        verdict || coalesce(' ' || cluster_id, '') as says,
        register_file not like 'dbt_project/%' as is_drop_in
    from {{ ref('stg_registry__decision') }}
    where is_live and mention_key is not null
),

several as (
    select
        mention_key,
        min_by(register_file, (is_drop_in, register_file, line_number)) as register_file,
        min_by(line_number, (is_drop_in, register_file, line_number)) as line_number,
        count(distinct says) as n_verdicts,
        string_agg(
            says || ' (' || register_file || ', line ' || line_number || ')', ' and '
            order by is_drop_in, register_file, line_number
        ) as decisions
    from live
    group by mention_key
    having count(*) > 1
)

select
    register_file,
    line_number,
    'decision on ' || mention_key || ': several live verdicts place the mention. Found: ' || decisions
    || '. Expected: one live verdict same, not_a_cluster or not_identified.' as problem,
    case
        when n_verdicts = 1 then 'take the copy out that was never in a release'
        else 'withdraw all but one: fill withdrawn_on and withdrawn_reason'
    end as remedy
from several
