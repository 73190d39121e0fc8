-- What differs between a question and its earlier one.
with option_change as (
    select
        pair.edition_id,
        pair.question_code,
        count(*) as n_changes
    from {{ ref('int_survey_question_pair') }} as pair
    inner join {{ ref('int_survey_option') }} as answer
        on pair.edition_id = answer.edition_id
        and pair.question_code = answer.question_code
    left join {{ ref('int_survey_option') }} as earlier
        on pair.earlier_edition_id = earlier.edition_id
        and pair.earlier_question_code = earlier.question_code
        and answer.option_code = earlier.option_code
    where pair.earlier_edition_id is not null
        and (
            earlier.option_code is null
            or {{ is_text_changed(plain_texts('earlier.labels'), plain_texts('answer.labels')) }}
        )
    group by pair.edition_id, pair.question_code
),

n_options as (
    select
        edition_id,
        question_code,
        count(*) as n
    from {{ ref('int_survey_option') }}
    group by edition_id, question_code
),

compared as (
    select
        pair.*,
        pair.kind <> earlier.kind as is_kind_changed,
        {{ is_text_changed(plain_texts('earlier.labels'), plain_texts('pair.labels')) }}
        or coalesce({{ plain_text('earlier.parent_label_en') }} <> {{ plain_text('pair.parent_label_en') }}, false)
        or coalesce({{ plain_text('earlier.parent_label_ja') }} <> {{ plain_text('pair.parent_label_ja') }}, false)
            as is_wording_changed,
        option_change.n_changes is not null or coalesce(now.n, 0) <> coalesce(before.n, 0) as is_option_changed
    from {{ ref('int_survey_question_pair') }} as pair
    left join {{ ref('int_survey_question_pair') }} as earlier
        on pair.earlier_edition_id = earlier.edition_id
        and pair.earlier_question_code = earlier.question_code
    left join option_change
        on pair.edition_id = option_change.edition_id
        and pair.question_code = option_change.question_code
    left join n_options as now
        on pair.edition_id = now.edition_id
        and pair.question_code = now.question_code
    left join n_options as before
        on pair.earlier_edition_id = before.edition_id
        and pair.earlier_question_code = before.question_code
),

stated as (
    select
        *,
        earlier_edition_id is not null and (is_kind_changed or is_wording_changed or is_option_changed) as is_changed
    from compared
)

select
    *,
    case
        when earlier_edition_id is null or verdict = 'same_as' then false
        when verdict = 'different' then true
        else is_changed
    end as is_trend_broken
from stated
