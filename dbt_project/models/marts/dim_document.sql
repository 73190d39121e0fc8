select
    document_code,
    title,
    publisher_name,
    version_printed,
    published_printed,
    address,
    language_printed,
    is_current,
    family,
    edition_id,
    note,
    row_id,
    is_synthetic
from {{ ref('int_document') }}
