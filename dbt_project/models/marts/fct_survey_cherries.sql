select
    edition_id,
    survey_code,
    wave,
    cast(item_no as integer) as item_no,
    item_code,
    item_en,
    item_ja,
    answer,
    is_synthetic
from {{ ref('int_survey_cherries') }}
