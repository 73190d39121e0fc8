select
    survey_code,
    wave,
    question_code,
    verdict,
    earlier_wave,
    coalesce(earlier_question_code, question_code) as earlier_question_code,
    reason,
    evidence_address,
    decided_by,
    try_cast(decided_on as date) as decided_on,
    decided_on as decided_on_printed,
    try_cast(withdrawn_on as date) as withdrawn_on,
    withdrawn_on as withdrawn_on_printed,
    withdrawn_reason,
    withdrawn_on is null as is_live,
    register_file,
    line_number
from {{ source('raw', 'registry__survey_question') }}
