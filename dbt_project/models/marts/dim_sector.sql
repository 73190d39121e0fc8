select
    scheme_code,
    sector_code,
    label,
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
from {{ ref('int_sector') }}
