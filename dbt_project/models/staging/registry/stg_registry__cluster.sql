select
    cluster_id,
    unit_kind,
    label,
    country_code,
    case lower(is_synthetic) when 'true' then true when 'false' then false end as is_synthetic,
    is_synthetic as is_synthetic_printed,
    try_cast(minted_on as date) as minted_on,
    minted_on as minted_on_printed,
    note,
    count(*) over (partition by cluster_id) > 1 as is_repeated,
    register_file,
    line_number
from {{ source('raw', 'registry__cluster') }}
