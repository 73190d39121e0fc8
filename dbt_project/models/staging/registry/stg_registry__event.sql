select
    event_id,
    event_type,
    clusters_before,
    clusters_after,
    try_cast(date_earliest as date) as date_earliest,
    try_cast(date_latest as date) as date_latest,
    evidence_kind,
    evidence_address,
    strength,
    lower(is_synthetic) = 'true' as is_synthetic,
    recorded_by,
    try_cast(recorded_on as date) as recorded_on,
    note,
    register_file,
    line_number
from {{ source('raw', 'registry__event') }}
