select
    release_id,
    cluster_id,
    unit_kind,
    label,
    country_code,
    is_synthetic,
    minted_on,
    register_file,
    line_number
from {{ source('raw', 'release__cluster') }}
