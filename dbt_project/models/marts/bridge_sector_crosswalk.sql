select
    from_scheme_code,
    from_sector_code,
    to_scheme_code,
    to_sector_code,
    match_kind,
    is_current,
    family,
    edition_id,
    cited_source,
    source_title,
    source_address,
    cited_locator,
    trust,
    note,
    row_id,
    is_synthetic
from {{ ref('int_sector_crosswalk') }}
