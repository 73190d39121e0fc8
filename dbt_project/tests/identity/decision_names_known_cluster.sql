select
    decision.register_file,
    decision.line_number,
    'decision on ' || coalesce(decision.mention_key, 'nothing')
    || ': the cluster is not in the register. Found: ' || decision.cluster_id || '. Expected: an id of clusters.csv.'
        as problem,
    'add the cluster to clusters.csv, or correct the id; ids are never taken out' as remedy
from {{ ref('stg_registry__decision') }} as decision
left join {{ ref('stg_registry__cluster') }} as cluster on decision.cluster_id = cluster.cluster_id
where decision.cluster_id is not null and cluster.cluster_id is null
