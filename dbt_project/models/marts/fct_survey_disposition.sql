select
    edition_id,
    survey_code,
    wave,
    disposition,
    cast(n as integer) as n,
    origin,
    is_synthetic
from {{ ref('int_survey_disposition') }}
