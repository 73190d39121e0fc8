select
    printed_column.source_id,
    edition.edition_id,
    edition.kind,
    edition.table_name,
    printed_column.column_number,
    printed_column.printed_column,
    printed_column.our_column,
    printed_column.read_as,
    edition.is_synthetic
from {{ ref('stg_catalog__column') }} as printed_column
inner join {{ ref('int_edition') }} as edition on printed_column.source_id = edition.source_id
