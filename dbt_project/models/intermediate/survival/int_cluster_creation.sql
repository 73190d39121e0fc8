-- Which clusters a strong event brought in: created, alone or out of others, or let into the scope of a list.
with event as (
    select
        event.*,
        event_type.entry_code,
        event_type.id_rule = 'same_id' as is_same_cluster
    from {{ ref('stg_registry__event') }} as event
    inner join {{ ref('event_type') }} as event_type on event.event_type = event_type.event_type
    where event.strength = 'strong' and event_type.entry_code is not null
),

member as (
    select * from {{ ref('stg_registry__event_member') }}
)

select
    after_member.cluster_id,
    event.event_id,
    event.event_type,
    event.entry_code,
    not event.is_same_cluster as is_created,
    event.date_earliest,
    event.date_latest,
    event.evidence_kind,
    event.evidence_address,
    event.recorded_by,
    event.recorded_on
from event
inner join member as after_member on event.event_id = after_member.event_id and after_member.side = 'after'
left join member as before_member
    on event.event_id = before_member.event_id
    and after_member.cluster_id = before_member.cluster_id
    and before_member.side = 'before'
where event.is_same_cluster or before_member.cluster_id is null
