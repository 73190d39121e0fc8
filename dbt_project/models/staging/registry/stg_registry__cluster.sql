with register as (
    select
        cluster_id,
        unit_kind,
        label,
        country_code,
        is_synthetic,
        minted_on,
        note,
        'clusters.csv' as register_name
    from {{ ref('clusters') }}
    union all
    select
        cluster_id,
        unit_kind,
        label,
        country_code,
        is_synthetic,
        minted_on,
        note,
        'drop-in clusters.csv' as register_name
    from {{ source('raw', 'registry__cluster') }}
)

select
    cluster_id,
    unit_kind,
    label,
    country_code,
    lower(is_synthetic) = 'true' as is_synthetic,
    cast(minted_on as date) as minted_on,
    note,
    register_name
from register
