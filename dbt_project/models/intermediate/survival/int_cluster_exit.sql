-- Which clusters an event could end, and whether the event was undone: dormancy and a return within two years is
-- neither a death nor a birth. The gap is the longest that the dates allow, so a doubtful gap counts as too long. A
-- listing after a dormancy shows a return as well as an event does.
with event as (
    select
        event.*,
        event_type.id_rule,
        event_type.ended_outcome_code,
        event_type.precedence,
        event_type.undone_by,
        event_type.undone_within_years
    from {{ ref('stg_registry__event') }} as event
    inner join {{ ref('event_type') }} as event_type on event.event_type = event_type.event_type
),

member as (
    select * from {{ ref('stg_registry__event_member') }}
),

listing as (
    select * from {{ ref('int_listing') }}
    where is_listed
),

ending as (
    select
        event.*,
        before_member.cluster_id
    from event
    inner join member as before_member on event.event_id = before_member.event_id and before_member.side = 'before'
    left join member as after_member
        on event.event_id = after_member.event_id
        and after_member.side = 'after'
        and before_member.cluster_id = after_member.cluster_id
    where event.ended_outcome_code is not null
        and (event.id_rule = 'same_id' or after_member.cluster_id is null)
),

comeback as (
    select
        ending.event_id,
        ending.cluster_id,
        event.date_latest as returned_on
    from ending
    inner join member on ending.cluster_id = member.cluster_id and member.side = 'after'
    inner join event
        on member.event_id = event.event_id
        and ending.undone_by = event.event_type
        and event.strength = 'strong'
        and ending.date_earliest <= event.date_latest
    union all
    select
        ending.event_id,
        ending.cluster_id,
        listing.reference_date as returned_on
    from ending
    inner join listing on ending.cluster_id = listing.cluster_id and ending.date_latest < listing.reference_date
    where ending.event_type = 'dormancy'
),

undoing as (
    select
        event_id,
        cluster_id,
        min(returned_on) as returned_on
    from comeback
    group by event_id, cluster_id
),

successor as (
    select
        ending.event_id,
        ending.cluster_id,
        {{ dbt.listagg('member.cluster_id', "';'", 'order by member.cluster_id') }} as successor_ids
    from ending
    inner join member
        on ending.event_id = member.event_id
        and member.side = 'after'
        and ending.cluster_id <> member.cluster_id
    group by ending.event_id, ending.cluster_id
)

select
    ending.cluster_id,
    ending.event_id,
    ending.event_type,
    ending.ended_outcome_code as outcome_code,
    ending.precedence,
    ending.strength = 'strong' as is_strong,
    ending.date_earliest,
    ending.date_latest,
    ending.evidence_kind,
    ending.evidence_address,
    ending.recorded_by,
    ending.recorded_on,
    successor.successor_ids,
    undoing.returned_on,
    coalesce(
        undoing.returned_on < {{ dbt.dateadd('year', 'ending.undone_within_years', 'ending.date_earliest') }}, false
    ) as is_returned_in_time,
    -- the day from which a dormancy without a return is a death; other exits need no such wait
    case
        when ending.event_type = 'dormancy' and undoing.returned_on is null
            then cast({{ dbt.dateadd('year', 'ending.undone_within_years', 'ending.date_latest') }} as date)
    end as lasting_from
from ending
left join undoing on ending.event_id = undoing.event_id and ending.cluster_id = undoing.cluster_id
left join successor on ending.event_id = successor.event_id and ending.cluster_id = successor.cluster_id
