with recursive successor as (
    select distinct
        ending.event_id,
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
),

-- Every step of a cycle is named: whoever comes next leads back.
step as (
    select
        successor.event_id,
        min(successor.cluster_id) as cluster_id,
        min_by(successor.successor_id, successor.cluster_id) as successor_id
    from successor
    inner join descent
        on successor.successor_id = descent.cluster_id
        and successor.cluster_id = descent.successor_id
    group by successor.event_id
)

select
    event.register_file,
    event.line_number,
    'event ' || event.event_id || ': a cluster is its own successor. Found: ' || step.cluster_id || ' becomes '
    || step.successor_id || ', and through other events ' || step.successor_id || ' becomes ' || step.cluster_id
    || '. Expected: successors that do not lead back.' as problem,
    'correct clusters_before or clusters_after of one of the events of the cycle' as remedy
from step
inner join {{ ref('stg_registry__event') }} as event on step.event_id = event.event_id
