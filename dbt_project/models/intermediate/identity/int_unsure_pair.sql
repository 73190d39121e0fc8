-- Look-alikes: a mention that may be a cluster, although it was placed elsewhere or nowhere.
with decision as (
    select * from {{ ref('stg_registry__decision') }}
    where verdict = 'unsure' and not is_withdrawn
)

select
    placement.mention_key,
    placement.family,
    placement.edition_id,
    placement.role,
    placement.name_printed,
    placement.cluster_id as placed_cluster_id,
    decision.cluster_id as similar_cluster_id,
    cluster.label as similar_label,
    'unsure: ' || decision.reason as reason,
    decision.evidence_address,
    decision.decided_by,
    decision.decided_on,
    placement.row_id,
    placement.is_synthetic
from decision
inner join {{ ref('int_mention_placement') }} as placement on decision.mention_key = placement.mention_key
inner join {{ ref('int_cluster') }} as cluster on decision.cluster_id = cluster.cluster_id
