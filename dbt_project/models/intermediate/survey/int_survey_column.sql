-- What the answers of each wide column are: read by the macros that write the view of answers and count states.
with option_list as (
    select
        source_id,
        question_code,
        list(option_code order by option_no) as option_codes,
        list(chosen_state order by option_no) as chosen_states
    from {{ ref('int_survey_option') }}
    group by source_id, question_code
)

select
    col.source_id,
    col.survey_code,
    col.wave,
    col.edition_id,
    col.is_synthetic,
    col.wide_table,
    stored.view_name,
    col.column_no,
    col.wide_column,
    col.question_code,
    col.option_code,
    col.part,
    col.state_column,
    col.raw_column,
    col.source_header,
    col.source_column,
    col.matched_by,
    question.kind,
    question.repeat_code,
    question.label_en as question_en,
    question.label_ja as question_ja,
    answer.label_en as option_en,
    answer.label_ja as option_ja,
    coalesce(answer.chosen_state, 'selected') as chosen_state,
    case when question.kind = 'select_one' then option_list.option_codes end as option_codes,
    case when question.kind = 'select_one' then option_list.chosen_states end as chosen_states,
    coalesce(weights.is_usable, false) as has_weights,
    coalesce(microdata.value, 'withheld') = 'published' as is_published
from {{ ref('stg_survey__column') }} as col
inner join {{ ref('int_survey_table') }} as stored
    on col.source_id = stored.source_id
    and col.wide_table = stored.wide_table
inner join {{ ref('int_survey_question') }} as question
    on col.source_id = question.source_id
    and col.question_code = question.question_code
left join {{ ref('int_survey_option') }} as answer
    on col.source_id = answer.source_id
    and col.question_code = answer.question_code
    and col.option_code = answer.option_code
left join option_list
    on col.source_id = option_list.source_id
    and col.question_code = option_list.question_code
left join {{ ref('int_survey_design') }} as weights
    on col.source_id = weights.source_id
    and weights.aspect = 'weights'
left join {{ ref('int_survey_design') }} as microdata
    on col.source_id = microdata.source_id
    and microdata.aspect = 'microdata'
