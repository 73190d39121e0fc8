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
    nullif(option_code, '') as option_code,
    part,
    nullif(state_column, '') as state_column,
    nullif(raw_column, '') as raw_column,
    source_header,
    source_column,
    matched_by
from {{ source('raw', 'survey__column') }}
