select
    event_id,
    event_type,
    clusters_before,
    clusters_after,
    cast(n_before as integer) as n_before,
    cast(n_after as integer) as n_after,
    date_earliest,
    date_latest,
    evidence_kind,
    evidence_address,
    strength,
    recorded_by,
    recorded_on,
    note,
    register_file,
    cast(line_number as integer) as line_number,
    is_synthetic
from {{ ref('int_cluster_event') }}
