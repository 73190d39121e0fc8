-- Where a cell stands in its file, as a spreadsheet names it, what it was read as, and what the file keeps beside it.
-- A cell without a text stays if there is something to say of it: a formula that was never computed.
with cell as (
    select
        row_id,
        source_id,
        row_number,
        cell['key'] as printed_column,
        cell['value'] as value_printed
    from {{ ref('stg_catalog__printed_cell') }}
),

reading as (
    select
        row_id,
        cell['column_number'] as column_number,
        cell['state'] as reading_state,
        cell['value_read'] as value_read,
        cell['steps'] as steps,
        cell['marks'] as marks
    from {{ ref('stg_catalog__cell_reading') }}
),

printed_column as (
    select * from {{ ref('int_source_column') }}
),

placed as (
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
        case
            when reading.reading_state is not null then reading.reading_state
            when printed_column.read_as is not null then 'given'
        end as reading_state,
        case
            when reading.reading_state is not null then reading.value_read
            when printed_column.read_as is not null then trim(cell.value_printed)
        end as value_read,
        reading.steps,
        reading.marks,
        reading.row_id is not null as is_told,
        printed_column.is_synthetic
    from cell
    inner join printed_column
        on cell.source_id = printed_column.source_id
        and cell.printed_column = printed_column.printed_column
    left join reading
        on cell.row_id = reading.row_id
        and printed_column.column_number = reading.column_number
)

select
    row_id,
    source_id,
    edition_id,
    row_number,
    column_number,
    cell_address,
    printed_column,
    our_column,
    value_printed,
    reading_state,
    value_read,
    nullif(array_to_string(steps, ' | '), '') as reading_steps,
    {{ marks_of('note') }} as cell_note,
    {{ marks_of('link') }} as cell_link,
    nullif(
        array_to_string(
            [trim(mark.kind || ' ' || mark.text) for mark in marks if mark.kind not in ('note', 'link')], ' | '
        ),
        ''
    ) as cell_marks,
    is_synthetic
from placed
where value_printed <> '' or is_told
