-- Same and different at once, or one of them twice. What one_live_decision_per_mention says is not said again.
with live as (
    select
        *,
        register_file not like 'dbt_project/%' as is_drop_in
    from {{ ref('stg_registry__decision') }}
    where not is_withdrawn
        and verdict in ('same', 'different', 'unsure')
        and mention_key is not null
        and cluster_id is not null
),

several as (
    select
        mention_key,
        cluster_id,
        min_by(register_file, (is_drop_in, register_file, line_number)) as register_file,
        min_by(line_number, (is_drop_in, register_file, line_number)) as line_number,
        string_agg(
            verdict || ' (' || register_file || ', line ' || line_number || ')', ' and '
            order by is_drop_in, register_file, line_number
        ) as decisions
    from live
    group by mention_key, cluster_id
    having count(*) > 1 and count(*) > count(*) filter (where verdict = 'same')
)

select
    register_file,
    line_number,
    'decision on ' || mention_key || ': several live verdicts speak of ' || cluster_id || '. Found: ' || decisions
    || '. Expected: one live verdict on a mention and a cluster.' as problem,
    'withdraw all but one: fill withdrawn_on and withdrawn_reason' as remedy
from several
