select
    member.event_id,
    'The event ' || member.event_id || ' names ' || member.cluster_id || ' ' || member.side
    || ' it, which is not in the register. Add the cluster to clusters.csv, or correct the id.' as problem
from {{ ref('stg_registry__event_member') }} as member
left join {{ ref('stg_registry__cluster') }} as cluster on member.cluster_id = cluster.cluster_id
where cluster.cluster_id is null
