select
    edition_id,
    survey_code,
    wave,
    'survey.' || view_name as wide_table,
    cast(column_no as integer) as column_no,
    wide_column,
    question_code,
    option_code,
    part as column_part,
    kind as question_kind,
    state_column,
    raw_column,
    source_header,
    source_column,
    matched_by,
    coalesce(question_en, question_code) || coalesce(': ' || coalesce(option_en, option_code), '') as column_en,
    coalesce(question_ja, question_en, question_code)
    || coalesce('：' || coalesce(option_ja, option_en, option_code), '') as column_ja,
    is_synthetic
from {{ ref('int_survey_column') }}
