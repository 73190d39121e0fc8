select
    mention_key,
    family,
    edition_id,
    role,
    name_printed,
    placed_cluster_id,
    similar_cluster_id,
    similar_label,
    reason,
    evidence_address,
    decided_by,
    decided_on,
    row_id,
    is_synthetic
from {{ ref('int_unsure_pair') }}
