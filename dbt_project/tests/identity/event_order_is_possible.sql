-- Nothing happens to a cluster before it exists, and nothing but a return after it has ended.
with member as (
    select
        member.cluster_id,
        member.side,
        event.*
    from {{ ref('stg_registry__event_member') }} as member
    inner join {{ ref('stg_registry__event') }} as event on member.event_id = event.event_id
    where not event.is_repeated
),

creation as (
    select
        after_member.cluster_id,
        after_member.event_id,
        after_member.event_type,
        after_member.date_earliest,
        after_member.register_file,
        after_member.line_number
    from member as after_member
    left join member as before_member
        on after_member.event_id = before_member.event_id
        and after_member.cluster_id = before_member.cluster_id
        and before_member.side = 'before'
    where after_member.side = 'after' and before_member.cluster_id is null
),

too_early as (
    select
        member.event_id,
        creation.cluster_id,
        'before ' || creation.event_id || ' (' || creation.event_type || ', ' || creation.register_file || ', line '
        || creation.line_number || ') created it' as fault
    from creation
    inner join member
        on creation.cluster_id = member.cluster_id
        and creation.event_id <> member.event_id
        and creation.date_earliest > member.date_latest
),

too_late as (
    select
        member.event_id,
        ending.cluster_id,
        'after ' || ending.event_id || ' (' || ending.event_type || ', ' || ended.register_file || ', line '
        || ended.line_number || ') ended it' as fault
    from {{ ref('int_cluster_exit') }} as ending
    inner join {{ ref('stg_registry__event') }} as ended on ending.event_id = ended.event_id
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
    event.register_file,
    event.line_number,
    'event ' || event.event_id || ': the order of events is not possible. Found: it happens to ' || fault.cluster_id
    || ' ' || fault.fault || '. Expected: nothing before the first and nothing but a return after the last.' as problem,
    'correct the dates or the ids of one of the two events' as remedy
from fault
inner join {{ ref('stg_registry__event') }} as event on fault.event_id = event.event_id
