select
    source_id,
    'Of ' || rows_read || ' rows of ' || source_id || ', ' || rows_placed || ' are placed, ' || rows_unresolved
    || ' unresolved and ' || rows_rejected
    || ' rejected: rows are lost on the way. A published table must carry the row_id of each.' as problem
from {{ ref('rpt_row_account') }}
where not is_balanced
