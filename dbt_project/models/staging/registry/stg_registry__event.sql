with register as (
    select
        *,
        'events.csv' as register_name
    from {{ ref('events') }}
    union all by name
    select
        *,
        'drop-in events.csv' as register_name
    from {{ source('raw', 'registry__event') }}
)

select
    event_id,
    event_type,
    nullif(clusters_before, '') as clusters_before,
    nullif(clusters_after, '') as clusters_after,
    cast(date_earliest as date) as date_earliest,
    cast(date_latest as date) as date_latest,
    evidence_kind,
    nullif(evidence_address, '') as evidence_address,
    strength,
    lower(is_synthetic) = 'true' as is_synthetic,
    recorded_by,
    cast(recorded_on as date) as recorded_on,
    nullif(note, '') as note,
    register_name
from register
