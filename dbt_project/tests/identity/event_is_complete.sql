with event as (
    select
        *,
        {{ earlier_line('event_id') }} as earlier
    from {{ ref('stg_registry__event') }}
),

known as (
    select string_agg(event_type, ', ' order by event_type) as event_types from {{ ref('event_type') }}
),

checked as (
    select
        event.*,
        unnest([
            {{ odd_id('event_id', 'EVT-0042', 'earlier') }},
            case when event_type is null or event_type not in (select event_type from {{ ref('event_type') }}) then
                {{ register_fault(
                    "'the type is not known'", "event_type", "'one of ' || known.event_types",
                    "'take a type of seeds/codes/event_type.csv'"
                ) }}
            end,
            case when evidence_kind is null or evidence_kind not in (
                'official_notice', 'successor_page', 'funding_end', 'site_dead', 'archived_page', 'e_mail', 'roster',
                'document'
            ) then
                {{ register_fault(
                    "'the kind of evidence is not known'", "evidence_kind",
                    "'official_notice, successor_page, funding_end, site_dead, archived_page, e_mail, roster or '"
                    ~ " || 'document'",
                    "'correct evidence_kind'"
                ) }}
            end,
            case when strength is null or strength not in ('strong', 'weak') then
                {{ register_fault(
                    "'the strength of the evidence is not known'", "strength", "'strong or weak'", "'correct strength'"
                ) }}
            end,
            {{ missing_cell('evidence_address') }},
            {{ missing_cell('recorded_by') }},
            {{ odd_boolean('is_synthetic') }},
            {{ odd_day('date_earliest') }},
            {{ odd_day('date_latest') }},
            {{ odd_day('recorded_on') }},
            case when date_latest < date_earliest then
                {{ register_fault(
                    "'the dates are in the wrong order'", "date_earliest_printed || ' to ' || date_latest_printed",
                    "'the earlier day first'", "'correct date_earliest or date_latest'"
                ) }}
            end,
            case when recorded_on < date_latest then
                {{ register_fault(
                    "'it was recorded before it happened'",
                    "'recorded ' || recorded_on_printed || ', latest ' || date_latest_printed",
                    "'a record of what has happened'", "'correct date_latest or recorded_on'"
                ) }}
            end
        ]) as fault
    from event
    cross join known
)

select
    register_file,
    line_number,
    'event ' || coalesce(event_id, 'without id') || ': ' || fault.problem as problem,
    fault.remedy as remedy
from checked
where fault is not null
