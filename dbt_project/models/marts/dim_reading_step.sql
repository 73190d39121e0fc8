select
    step as step_code,
    text_en,
    text_ja
from {{ ref('int_reading_step') }}
