with shared as (
    select
        event_id,
        count(*) as n_shared
    from (
        select event_id, cluster_id from {{ ref('stg_registry__event_member') }}
        where side = 'before'
        intersect
        select event_id, cluster_id from {{ ref('stg_registry__event_member') }}
        where side = 'after'
    ) as both_sides
    group by event_id
),

event as (
    select
        event.*,
        event_type.event_type is not null as is_known_type,
        event_type.id_rule,
        event_type.creations,
        event_type.deletions,
        event.n_before between event_type.n_before_min and coalesce(event_type.n_before_max, event.n_before)
        and event.n_after between event_type.n_after_min and coalesce(event_type.n_after_max, event.n_after)
            as is_counted,
        event_type.n_before_min || ' to ' || coalesce(cast(event_type.n_before_max as varchar), 'n') as before_expected,
        event_type.n_after_min || ' to ' || coalesce(cast(event_type.n_after_max as varchar), 'n') as after_expected,
        coalesce(shared.n_shared, 0) as n_shared
    from {{ ref('int_cluster_event') }} as event
    left join {{ ref('event_type') }} as event_type on event.event_type = event_type.event_type
    left join shared on event.event_id = shared.event_id
),

checked as (
    select
        event_id,
        event_type,
        case
            when not is_known_type then 'this type is not in the list of event types'
            when not is_counted
                then 'it has ' || n_before || ' clusters before and ' || n_after || ' after; the type takes '
                    || before_expected || ' before and ' || after_expected || ' after'
            when id_rule = 'same_id' and n_shared <> 1 then 'the id before and the id after must be the same'
            when id_rule = 'new_id' and n_shared <> 0 then 'no id may stand on both sides'
            when id_rule = 'after_in_before' and n_shared <> n_after then 'every id after must also stand before'
            when id_rule = 'before_in_after' and n_shared <> n_before then 'every id before must also stand after'
            when event_type = 'joint_venture_created' and n_after <> n_before + 1 then 'one id more must stand after'
            when event_type = 'joint_venture_ended' and n_after <> n_before - 1 then 'one id fewer must stand after'
        end as fault
    from event
)

select
    event_id,
    'The event ' || event_id || ' (' || coalesce(event_type, 'no type') || ') does not fit its type: ' || fault
    || '. Correct clusters_before, clusters_after or event_type in events.csv.' as problem
from checked
where fault is not null
