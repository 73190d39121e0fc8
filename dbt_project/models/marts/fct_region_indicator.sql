select
    region_code,
    indicator_code,
    value,
    unit,
    indicator_year,
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
from {{ ref('int_region_indicator') }}
