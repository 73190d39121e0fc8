-- Where a cell stands in its file, as a spreadsheet names it. Columns beyond ZZ do not occur in printed tables.
with cell as (
    select
        row_id,
        source_id,
        row_number,
        cell['key'] as printed_column,
        cell['value'] as value_printed
    from {{ ref('stg_catalog__printed_cell') }}
),

printed_column as (
    select * from {{ ref('int_source_column') }}
)

select
    cell.row_id,
    cell.source_id,
    printed_column.edition_id,
    cell.row_number,
    printed_column.column_number,
    {{ column_letters('printed_column.column_number') }} || cell.row_number as cell_address,
    cell.printed_column,
    printed_column.our_column,
    cell.value_printed,
    printed_column.is_synthetic
from cell
inner join printed_column
    on cell.source_id = printed_column.source_id
    and cell.printed_column = printed_column.printed_column
where cell.value_printed <> ''
