with correction as (
    select
        *,
        {{ earlier_line('correction_id') }} as earlier,
        case when is_live then lag(correction_id || ' in ' || register_file || ', line ' || line_number) over (
            partition by family, edition, entry_key, column_name, is_live
            order by register_file not like 'dbt_project/%', register_file, line_number
        ) end as rival
    from {{ ref('stg_registry__correction') }}
),

checked as (
    select
        *,
        unnest([
            {{ odd_id('correction_id', 'COR-0042', 'earlier') }},
            case when rival is not null then
                {{ register_fault(
                    "'another live correction is about the same cell'", "rival", "'one live correction of a cell'",
                    "'withdraw one of the two: fill withdrawn_on and withdrawn_reason'"
                ) }}
            end,
            case when expected_value is not distinct from corrected_value then
                {{ register_fault("'it changes nothing'", "corrected_value", "'another value than the printed one'",
                    "'take it out, or correct corrected_value'"
                ) }}
            end,
            {{ missing_cell('family') }},
            {{ missing_cell('edition') }},
            {{ missing_cell('entry_key') }},
            {{ missing_cell('column_name') }},
            {{ missing_cell('reason') }},
            {{ missing_cell('decided_by') }},
            {{ odd_day('decided_on') }},
            {{ odd_day('withdrawn_on', required=false) }},
            {{ odd_withdrawal() }}
        ]) as fault
    from correction
)

select
    register_file,
    line_number,
    'correction ' || coalesce(correction_id, 'without id') || ': ' || fault.problem as problem,
    fault.remedy as remedy
from checked
where fault is not null
