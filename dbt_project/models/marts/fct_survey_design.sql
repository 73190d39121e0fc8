select
    edition_id,
    survey_code,
    wave,
    aspect,
    value as statement,
    is_documented,
    is_usable,
    reason,
    is_synthetic
from {{ ref('int_survey_design') }}
