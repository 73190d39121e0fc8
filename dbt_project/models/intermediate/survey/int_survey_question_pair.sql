-- Each question beside the one of an earlier wave that it is held against: the one that a decision names, else the one
-- with the same code in the newest earlier wave that has it.
with asked as (
    select
        question.edition_id,
        question.survey_code,
        question.wave,
        question.is_synthetic,
        question.question_code,
        question.kind,
        question.labels,
        question.parent_label_en,
        question.parent_label_ja,
        wave.wave_no
    from {{ ref('int_survey_question') }} as question
    inner join {{ ref('int_survey_wave') }} as wave on question.edition_id = wave.edition_id
),

decided as (
    select
        asked.edition_id,
        asked.question_code,
        decision.verdict,
        decision.reason,
        earlier.edition_id as earlier_edition_id,
        earlier.question_code as earlier_question_code
    from {{ ref('stg_registry__survey_question') }} as decision
    inner join asked
        on decision.survey_code = asked.survey_code
        and decision.wave = asked.wave
        and decision.question_code = asked.question_code
    inner join asked as earlier
        on decision.survey_code = earlier.survey_code
        and decision.earlier_wave = earlier.wave
        and decision.earlier_question_code = earlier.question_code
        and asked.is_synthetic = earlier.is_synthetic
        and asked.wave_no > earlier.wave_no
    where decision.is_live
),

by_code as (
    select
        edition_id,
        question_code,
        lag(edition_id) over earlier_waves as earlier_edition_id
    from asked
    window earlier_waves as (partition by survey_code, is_synthetic, question_code order by wave_no)
)

select
    asked.*,
    decided.verdict,
    decided.reason,
    coalesce(decided.earlier_edition_id, by_code.earlier_edition_id) as earlier_edition_id,
    case
        when decided.earlier_edition_id is not null then decided.earlier_question_code
        when by_code.earlier_edition_id is not null then asked.question_code
    end as earlier_question_code
from asked
inner join by_code
    on asked.edition_id = by_code.edition_id
    and asked.question_code = by_code.question_code
left join decided
    on asked.edition_id = decided.edition_id
    and asked.question_code = decided.question_code
