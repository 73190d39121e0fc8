with pair as (
    select * from {{ ref('int_survival_pair') }}
),

carrier as (
    select * from {{ ref('int_survival_carrier') }}
),

-- Where the body that carries a cluster on has ended as well, its end stands for the take-over.
evidence as (
    select
        found.*,
        cast(null as {{ dbt.type_string() }}) as carrier_id
    from {{ ref('int_survival_evidence') }} as found
    left join carrier
        on found.cluster_id = carrier.cluster_id
        and found.from_edition_id = carrier.from_edition_id
        and found.to_edition_id = carrier.to_edition_id
    where carrier.cluster_id is null
    union all
    select * from carrier
),

-- The four rules, in their order: listed again, ended by an event, active after all, unknown.
ruled as (
    select
        pair.*,
        evidence.weight,
        evidence.event_type,
        evidence.outcome_code as event_outcome_code,
        case when evidence.weight = 'decides' then evidence.date_earliest end as event_date_earliest,
        case when evidence.weight = 'decides' then evidence.date_latest end as event_date_latest,
        evidence.evidence_kind,
        evidence.evidence_address,
        evidence.recorded_by,
        evidence.recorded_on,
        evidence.successor_ids,
        evidence.carrier_id,
        case
            when evidence.weight = 'decides' then 'event'
            when pair.is_listed_in_to then 'listed'
            when evidence.weight in ('reactivated', 'ended_later') then evidence.weight
            when pair.shown_in_edition_id is not null then 'relisted'
            else 'none'
        end as deciding
    from pair
    left join evidence
        on pair.cluster_id = evidence.cluster_id
        and pair.from_edition_id = evidence.from_edition_id
        and pair.to_edition_id = evidence.to_edition_id
)

select
    *,
    case
        when deciding = 'event' then event_outcome_code
        when deciding = 'none' then 'unknown'
        when is_renamed or is_moved or is_in_other_sector then 'survived_changed'
        else 'survived_unchanged'
    end as outcome_code,
    case
        when deciding = 'event' then event_type
        when deciding = 'none' and weight = 'pending' then event_type
        when deciding = 'none' and is_inferred_in_to then 'weak_roster'
        when deciding = 'none' and weight = 'weak' then 'weak_' || evidence_kind
        when deciding = 'listed' and is_renamed then 'renamed'
        when deciding = 'listed' and is_moved then 'moved'
        else deciding
    end as evidence_code
from ruled
