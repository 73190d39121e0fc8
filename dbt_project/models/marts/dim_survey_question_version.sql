-- Follows each question from the wave that it first stood in. A decision may name a question with another code, so a
-- series is found step by step.
with recursive chain as (
    select
        edition_id,
        question_code,
        edition_id || '/' || question_code as series_id,
        1 as question_version
    from {{ ref('int_survey_question_change') }}
    where earlier_edition_id is null
    union all
    select
        changed.edition_id,
        changed.question_code,
        case
            when changed.is_trend_broken then changed.edition_id || '/' || changed.question_code
            else chain.series_id
        end as series_id,
        chain.question_version + case when changed.is_changed or changed.is_trend_broken then 1 else 0 end
            as question_version
    from {{ ref('int_survey_question_change') }} as changed
    inner join chain
        on changed.earlier_edition_id = chain.edition_id
        and changed.earlier_question_code = chain.question_code
),

worded as (
    select
        *,
        concat_ws(
            ', ',
            case when is_kind_changed then 'kind' end,
            case when is_wording_changed then 'text' end,
            case when is_option_changed then 'options' end
        ) as changes_en,
        concat_ws(
            '、',
            case when is_kind_changed then '種類' end,
            case when is_wording_changed then '設問文' end,
            case when is_option_changed then '選択肢' end
        ) as changes_ja
    from {{ ref('int_survey_question_change') }}
)

select
    worded.edition_id,
    worded.survey_code,
    worded.wave,
    worded.question_code,
    chain.series_id,
    cast(chain.question_version as integer) as question_version,
    worded.earlier_edition_id,
    worded.earlier_question_code,
    worded.is_changed,
    worded.is_trend_broken,
    case
        when worded.earlier_edition_id is null then 'First wave with this question.'
        when worded.verdict = 'same_as' then 'Mapped by a decision: ' || worded.reason
        when worded.verdict = 'different' then 'Set apart by a decision: ' || worded.reason
        when worded.is_changed then 'Changed since the earlier wave: ' || worded.changes_en
            || '. No decision maps it, so the trend is broken.'
        else 'Kind, text and options are those of the earlier wave.'
    end as why_en,
    case
        when worded.earlier_edition_id is null then 'この設問が初めて含まれる調査回です。'
        when worded.verdict = 'same_as' then '判断により前回の設問に対応づけています：' || worded.reason
        when worded.verdict = 'different' then '判断により前回の設問と区別しています：' || worded.reason
        when worded.is_changed then '前回から変更された項目：' || worded.changes_ja
            || '。対応づける判断がないため、時系列は途切れます。'
        else '種類・設問文・選択肢は前回と同じです。'
    end as why_ja,
    worded.is_synthetic
from worded
inner join chain
    on worded.edition_id = chain.edition_id
    and worded.question_code = chain.question_code
