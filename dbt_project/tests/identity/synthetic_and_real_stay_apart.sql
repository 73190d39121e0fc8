with cluster as (
    select * from {{ ref('stg_registry__cluster') }}
    where not is_repeated
),

mixed as (
    select
        decision.register_file,
        decision.line_number,
        'decision on ' || decision.mention_key as thing,
        'mention' as kind,
        mention.is_synthetic,
        decision.cluster_id
    from {{ ref('stg_registry__decision') }} as decision
    inner join {{ ref('int_mention') }} as mention on decision.mention_key = mention.mention_key
    inner join cluster on decision.cluster_id = cluster.cluster_id
    where decision.is_live and mention.is_synthetic <> cluster.is_synthetic
    union all
    select
        event.register_file,
        event.line_number,
        'event ' || event.event_id as thing,
        'event' as kind,
        event.is_synthetic,
        member.cluster_id
    from {{ ref('stg_registry__event') }} as event
    inner join {{ ref('stg_registry__event_member') }} as member on event.event_id = member.event_id
    inner join cluster on member.cluster_id = cluster.cluster_id
    where event.is_synthetic <> cluster.is_synthetic and not event.is_repeated
)

select distinct
    register_file,
    line_number,
    thing || ': synthetic and real are mixed. Found: a ' || case when is_synthetic then 'synthetic ' else 'real ' end
    || kind || ' and the ' || case when is_synthetic then 'real' else 'synthetic' end || ' cluster ' || cluster_id
    || '. Expected: both real or both synthetic.' as problem,
    'name another cluster' as remedy
from mixed
