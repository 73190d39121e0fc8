select
    source_id,
    survey_code,
    wave,
    survey_code || '/' || wave as edition_id,
    is_synthetic,
    wide_table,
    column_no,
    wide_column,
    question_code,
    option_code,
    part,
    state_column,
    raw_column,
    source_header,
    source_column,
    matched_by
from {{ source('raw', 'survey__column') }}
