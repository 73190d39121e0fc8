select
    entity_kind,
    name_standard,
    name_variant,
    variant_kind,
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
from {{ ref('int_name_variant') }}
