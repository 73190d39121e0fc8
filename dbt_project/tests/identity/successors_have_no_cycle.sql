with recursive successor as (
    select distinct
        before_member.cluster_id,
        after_member.cluster_id as successor_id
    from {{ ref('int_cluster_exit') }} as ending
    inner join {{ ref('stg_registry__event_member') }} as before_member
        on ending.event_id = before_member.event_id
        and ending.cluster_id = before_member.cluster_id
        and before_member.side = 'before'
    inner join {{ ref('stg_registry__event_member') }} as after_member
        on ending.event_id = after_member.event_id
        and after_member.side = 'after'
        and ending.cluster_id <> after_member.cluster_id
),

descent as (
    select cluster_id, successor_id from successor
    union
    select
        descent.cluster_id,
        successor.successor_id
    from descent
    inner join successor on descent.successor_id = successor.cluster_id
)

select
    cluster_id,
    'The cluster ' || cluster_id || ' is its own successor through the events that name it. Correct events.csv.'
        as problem
from descent
where cluster_id = successor_id
