with member as (
    select
        event_id,
        count(*) filter (where side = 'before') as n_before,
        count(*) filter (where side = 'after') as n_after
    from {{ ref('stg_registry__event_member') }}
    group by event_id
)

select
    event.*,
    coalesce(member.n_before, 0) as n_before,
    coalesce(member.n_after, 0) as n_after
from {{ ref('stg_registry__event') }} as event
left join member on event.event_id = member.event_id
