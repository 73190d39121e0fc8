select
    decision.mention_key,
    'The decision on ' || decision.mention_key || ' in ' || decision.register_file || ' names ' || decision.cluster_id
    || ', which is not in the register. Ids are never taken out of clusters.csv: add it, or name another.' as problem
from {{ ref('stg_registry__decision') }} as decision
left join {{ ref('stg_registry__cluster') }} as cluster on decision.cluster_id = cluster.cluster_id
where decision.cluster_id is not null and cluster.cluster_id is null
