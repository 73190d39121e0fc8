select
    edition_id,
    survey_code,
    wave,
    cast(response_no as integer) as response_no,
    cast(row_number as integer) as row_number,
    response_id,
    respondent_id,
    disposition,
    language,
    collector,
    started_at,
    submitted_at,
    duration_seconds,
    cast(n_applicable as integer) as n_applicable,
    cast(n_answered as integer) as n_answered,
    is_counted,
    not_counted_reason,
    is_duplicate,
    is_fast,
    is_straight_lined,
    is_synthetic
from {{ ref('int_survey_response') }}
where source_id in (select source_id from {{ ref('int_survey_wave') }} where microdata = 'published')
