select
    cluster_id,
    label,
    name_current,
    name_en,
    name_ja,
    unit_kind,
    country_code,
    region_code,
    sector_code,
    founded_year,
    funding_end_year,
    first_edition_id,
    last_edition_id,
    cast(n_editions as integer) as n_editions,
    minted_on,
    note,
    is_synthetic
from {{ ref('int_cluster') }}
