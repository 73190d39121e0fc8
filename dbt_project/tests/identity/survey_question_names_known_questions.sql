-- Only of waves that are active: what another wave asked is not known while it is away.
with decision as (
    select * from {{ ref('stg_registry__survey_question') }}
    where is_live
),

wave as (
    select * from {{ ref('int_survey_wave') }}
),

question as (
    select * from {{ ref('int_survey_question') }}
),

checked as (
    select
        decision.*,
        later.wave_no > earlier.wave_no as is_in_order,
        asked.question_code is not null as is_asked,
        asked_before.question_code is not null as is_asked_before
    from decision
    inner join wave as later
        on decision.survey_code = later.survey_code
        and decision.wave = later.wave
    inner join wave as earlier
        on decision.survey_code = earlier.survey_code
        and decision.earlier_wave = earlier.wave
    left join question as asked
        on later.edition_id = asked.edition_id
        and decision.question_code = asked.question_code
    left join question as asked_before
        on earlier.edition_id = asked_before.edition_id
        and decision.earlier_question_code = asked_before.question_code
)

select
    register_file,
    line_number,
    'decision on question ' || question_code || ' of ' || survey_code || '/' || wave || ': '
    || case when not is_in_order then 'the earlier wave is not earlier' else 'a wave has no such question' end
    || '. Found: ' || question_code || ' in ' || wave || ', ' || earlier_question_code || ' in ' || earlier_wave
    || '. Expected: a question of each wave, the earlier wave first.' as problem,
    'correct the wave or the code; marts.dim_survey_question lists them' as remedy
from checked
where not is_in_order or not is_asked or not is_asked_before
