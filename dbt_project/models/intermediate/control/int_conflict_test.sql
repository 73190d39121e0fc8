-- What can be tested of a contradiction: a stated value against evidence, which are values, sides of checks or sets.
with

side as (
    select * from {{ ref('int_control_side') }}
),

country_set as (
    select
        set_kind as value_kind,
        set_code as value_code,
        cast(null as double) as value,
        {{ dbt.listagg('country_code', "' '", 'order by country_code') }} as value_text
    from {{ ref('int_control_set') }}
    group by set_kind, set_code
),

known as (
    select value_kind, value_code, value, {{ number_text('value') }} as value_text
    from {{ ref('int_control_value') }}
    where value_kind <> 'figure_group'
    union all
    select 'control_side', check_code || '/' || side || '/' || part, value, value_text from side
    union all
    select 'control_side', check_code || '/' || side, value, value_text from side where part = 1
    union all
    select 'control_side', check_code || '/relative', relative_value, {{ number_text('relative_value') }} from side
    where relative_value is not null
    union all
    select * from country_set
),

final as (
    select
        control.conflict_code,
        control.claim,
        control.test_number,
        control.relation,
        control.evidence_kind,
        control.evidence_code,
        control.value_words,
        control.sentence,
        control.stated_kind in ('count', 'member_set')
        or control.evidence_kind in ('count', 'member_set') as is_from_rows,
        stated.value_text as stated_text,
        evidence.value_text as evidence_text,
        coalesce(
            case control.relation
                when '=' then stated.value_text = evidence.value_text
                when '>=' then stated.value >= evidence.value
                when '<=' then stated.value <= evidence.value
                when '<' then stated.value < evidence.value
                when '>' then stated.value > evidence.value
            end,
            false
        ) as is_met
    from {{ ref('conflict_control') }} as control
    left join known as stated
        on control.stated_kind = stated.value_kind
        and control.stated_code = stated.value_code
    left join known as evidence
        on control.evidence_kind = evidence.value_kind
        and control.evidence_code = evidence.value_code
)

select
    *,
    coalesce(replace(value_words, '{stated}', stated_text), stated_text) as stated_words,
    replace(replace(sentence, '{stated}', stated_text), '{evidence}', evidence_text) as test_sentence
from final
