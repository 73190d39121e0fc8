-- Nothing happens to a cluster before it exists, and nothing but a return after it has ended.
with member as (
    select
        member.cluster_id,
        member.side,
        event.*
    from {{ ref('stg_registry__event_member') }} as member
    inner join {{ ref('stg_registry__event') }} as event on member.event_id = event.event_id
),

creation as (
    select
        after_member.cluster_id,
        after_member.event_id,
        after_member.event_type,
        after_member.date_earliest
    from member as after_member
    left join member as before_member
        on after_member.event_id = before_member.event_id
        and after_member.cluster_id = before_member.cluster_id
        and before_member.side = 'before'
    where after_member.side = 'after' and before_member.cluster_id is null
),

too_early as (
    select
        creation.cluster_id,
        member.event_id,
        creation.event_id as other_event_id,
        'happened before ' || creation.event_id || ' (' || creation.event_type || ') created it' as fault
    from creation
    inner join member
        on creation.cluster_id = member.cluster_id
        and creation.event_id <> member.event_id
        and creation.date_earliest > member.date_latest
),

too_late as (
    select
        ending.cluster_id,
        member.event_id,
        ending.event_id as other_event_id,
        'happened after ' || ending.event_id || ' (' || ending.event_type || ') ended it' as fault
    from {{ ref('int_cluster_exit') }} as ending
    inner join member
        on ending.cluster_id = member.cluster_id
        and ending.event_id <> member.event_id
        and ending.date_latest < member.date_earliest
    where ending.is_strong
        and ending.event_type not in ('dormancy', 'scope_exit')
        and coalesce(ending.returned_on > member.date_latest, true)
        and member.event_type <> 'reactivation'
),

fault as (
    select * from too_early
    union
    select * from too_late
)

select
    event_id,
    'The event ' || event_id || ' ' || fault || ', says events.csv about ' || cluster_id
    || '. Correct the dates or the ids of one of the two.' as problem
from fault
