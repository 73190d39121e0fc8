select
    edition_id,
    survey_code,
    wave,
    question_code,
    cast(option_no as integer) as option_no,
    option_code,
    label_en as option_en,
    label_ja as option_ja,
    cast(to_json(labels) as varchar) as option_texts,
    is_other,
    is_exclusive,
    chosen_state,
    is_synthetic
from {{ ref('int_survey_option') }}
