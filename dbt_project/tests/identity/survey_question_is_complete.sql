with decision as (
    select
        *,
        case when is_live then lag(register_file || ', line ' || line_number) over (
            partition by survey_code, wave, question_code, is_live
            order by register_file not like 'dbt_project/%', register_file, line_number
        ) end as rival
    from {{ ref('stg_registry__survey_question') }}
),

checked as (
    select
        *,
        unnest([
            case when verdict is null or verdict not in ('same_as', 'different') then
                {{ register_fault(
                    "'the verdict is not known'", "verdict", "'same_as or different'", "'correct the verdict'"
                ) }}
            end,
            case when rival is not null then
                {{ register_fault(
                    "'another live decision is about the same question'", "rival", "'one live decision of a question'",
                    "'withdraw one of the two: fill withdrawn_on and withdrawn_reason'"
                ) }}
            end,
            {{ missing_cell('survey_code') }},
            {{ missing_cell('wave') }},
            {{ missing_cell('question_code') }},
            {{ missing_cell('earlier_wave') }},
            {{ missing_cell('reason') }},
            {{ missing_cell('decided_by') }},
            {{ odd_day('decided_on') }},
            {{ odd_day('withdrawn_on', required=false) }},
            {{ odd_withdrawal() }}
        ]) as fault
    from decision
)

select
    register_file,
    line_number,
    'decision on question ' || coalesce(question_code, 'nothing') || ': ' || fault.problem as problem,
    fault.remedy as remedy
from checked
where fault is not null
