select
    cluster_id,
    unit_kind,
    label,
    country_code,
    lower(is_synthetic) = 'true' as is_synthetic,
    try_cast(minted_on as date) as minted_on,
    note,
    register_file,
    line_number
from {{ source('raw', 'registry__cluster') }}
