select
    edition_id,
    family,
    edition,
    source_id,
    kind,
    table_name,
    title,
    publisher_name,
    reference_date,
    cast(edition_order as integer) as edition_order,
    is_newest,
    status,
    is_synthetic,
    rows_read as n_rows,
    scope_rule
from {{ ref('int_edition') }}
