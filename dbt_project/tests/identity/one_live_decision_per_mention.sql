with live as (
    select * from {{ ref('stg_registry__decision') }}
    where is_live
),

several as (
    select
        mention_key,
        string_agg(
            coalesce(cluster_id, 'not a cluster') || ' (' || cast(decided_on as {{ dbt.type_string() }})
            || ', ' || register_file || ', ' || coalesce(reason, 'no reason') || ')', ' and '
            order by decided_on, cluster_id, reason
        ) as decisions
    from live
    group by mention_key
    having count(*) > 1
)

select
    mention_key,
    'The mention ' || mention_key || ' has several live decisions: ' || decisions
    || '. Withdraw all but one: fill withdrawn_on and withdrawn_reason.' as problem
from several
