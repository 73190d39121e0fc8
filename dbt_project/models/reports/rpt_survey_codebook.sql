-- Every option of the code list is there, also if nobody chose it; any other state only if a response has it.
with tallied as (
    select
        edition_id,
        question_code,
        option_code,
        state,
        cast(sum(n) as integer) as n,
        sum(weighted_n) as weighted_n
    from {{ ref('int_survey_tally') }}
    group by edition_id, question_code, option_code, state
),

listed as (
    select
        edition_id,
        question_code,
        option_code,
        chosen_state as state
    from {{ ref('dim_survey_option') }}
),

line as (
    select
        coalesce(tallied.edition_id, listed.edition_id) as edition_id,
        coalesce(tallied.question_code, listed.question_code) as question_code,
        coalesce(tallied.option_code, listed.option_code) as option_code,
        coalesce(tallied.state, listed.state) as state,
        coalesce(tallied.n, 0) as n,
        tallied.weighted_n,
        coalesce(tallied.state, listed.state) in (
            'selected', 'not_selected', 'answered', 'redacted', 'dont_know', 'refused', 'not_applicable'
        ) as is_in_base
    from tallied
    full outer join listed
        on tallied.edition_id = listed.edition_id
        and tallied.question_code = listed.question_code
        and tallied.option_code = listed.option_code
        and tallied.state = listed.state
    where coalesce(tallied.n, 0) > 0 or listed.option_code is not null
),

-- Several options may be ticked by one response: there the base is taken for each of them.
based as (
    select
        line.*,
        question.question_kind,
        cast(sum(case when line.is_in_base then line.n else 0 end) over base as integer) as base_n,
        sum(case when line.is_in_base then line.weighted_n end) over base as weighted_base_n
    from line
    inner join {{ ref('dim_survey_question') }} as question
        on line.edition_id = question.edition_id
        and line.question_code = question.question_code
    where question.is_in_file
    window base as (
        partition by
            line.edition_id,
            line.question_code,
            case when question.question_kind in ('select_multiple', 'rank') then line.option_code end
    )
),

-- Where "none of these" is an option, nothing ticked is no answer, and the file tells so.
with_none as (
    select distinct
        edition_id,
        question_code
    from {{ ref('dim_survey_option') }}
    where is_exclusive
),

limited as (
    select
        question.edition_id,
        question.question_code,
        string_agg(told.sentence_en, ' ' order by told.limit_code) as limits_en,
        string_agg(told.sentence_ja, '' order by told.limit_code) as limits_ja
    from {{ ref('dim_survey_question') }} as question
    inner join {{ ref('fct_survey_limit') }} as told
        on question.edition_id = told.edition_id
        and question.question_code = coalesce(told.question_code, question.question_code)
    left join with_none
        on question.edition_id = with_none.edition_id
        and question.question_code = with_none.question_code
    where told.counted_as <> 'unknown_none_ticked'
        or (question.question_kind = 'select_multiple' and with_none.question_code is null)
    group by question.edition_id, question.question_code
),

final as (
    select
        based.edition_id,
        question.survey_code,
        question.wave,
        question.question_no,
        based.question_code,
        question.question_kind,
        question.question_en,
        question.question_ja,
        answer.option_no,
        based.option_code,
        answer.option_en,
        answer.option_ja,
        based.state,
        based.is_in_base,
        based.n,
        based.base_n,
        case when based.is_in_base and based.base_n > 0 then 1.0 * based.n / based.base_n end as share,
        case when based.weighted_base_n is not null then coalesce(based.weighted_n, 0) end as weighted_n,
        based.weighted_base_n,
        case
            when based.is_in_base and based.weighted_base_n > 0
                then coalesce(based.weighted_n, 0) / based.weighted_base_n
        end as weighted_share,
        -- Decided once all that a release would show is known; here every number still stands.
        cast(null as varchar) as suppressed,
        {{ survey_base_note('en') }} as base_note_en,
        {{ survey_base_note('ja') }} as base_note_ja,
        question.is_synthetic
    from based
    inner join {{ ref('dim_survey_question') }} as question
        on based.edition_id = question.edition_id
        and based.question_code = question.question_code
    left join {{ ref('dim_survey_option') }} as answer
        on based.edition_id = answer.edition_id
        and based.question_code = answer.question_code
        and based.option_code = answer.option_code
    left join limited
        on based.edition_id = limited.edition_id
        and based.question_code = limited.question_code
)

select * from final
