select
    member.register_file,
    member.line_number,
    'event ' || coalesce(member.event_id, 'without id') || ': a cluster ' || member.side
    || ' it is not in the register. Found: ' || member.cluster_id || '. Expected: an id of clusters.csv.' as problem,
    'add the cluster to clusters.csv, or correct the id' as remedy
from {{ ref('stg_registry__event_member') }} as member
left join {{ ref('stg_registry__cluster') }} as cluster on member.cluster_id = cluster.cluster_id
where cluster.cluster_id is null
