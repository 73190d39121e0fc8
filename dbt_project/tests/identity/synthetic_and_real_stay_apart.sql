with cluster as (
    select * from {{ ref('stg_registry__cluster') }}
),

mixed as (
    select
        placement.mention_key as thing,
        'mention' as kind,
        placement.is_synthetic,
        placement.cluster_id
    from {{ ref('int_mention_placement') }} as placement
    inner join cluster on placement.cluster_id = cluster.cluster_id
    where placement.is_synthetic <> cluster.is_synthetic
    union all
    select
        event.event_id as thing,
        'event' as kind,
        event.is_synthetic,
        member.cluster_id
    from {{ ref('stg_registry__event') }} as event
    inner join {{ ref('stg_registry__event_member') }} as member on event.event_id = member.event_id
    inner join cluster on member.cluster_id = cluster.cluster_id
    where event.is_synthetic <> cluster.is_synthetic
)

select
    thing,
    'The ' || case when is_synthetic then 'synthetic ' else 'real ' end || kind || ' ' || thing || ' names the '
    || case when is_synthetic then 'real' else 'synthetic' end || ' cluster ' || cluster_id
    || '. A synthetic cluster has synthetic mentions and events only: name another cluster.' as problem
from mixed
