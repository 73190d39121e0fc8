with outcome as (
    select * from {{ ref('int_survival_outcome') }}
),

code as (
    select * from {{ ref('survival_outcome') }}
),

cluster as (
    select * from {{ ref('dim_cluster') }}
),

dated as (
    select
        outcome.*,
        code.is_survivor,
        cluster.unit_kind,
        case when outcome.is_at_risk and not code.is_survivor then coalesce(event_date_earliest, from_date) end
            as exit_earliest,
        case when outcome.is_at_risk and not code.is_survivor then coalesce(event_date_latest, to_date) end
            as exit_latest
    from outcome
    inner join code on outcome.outcome_code = code.outcome_code
    inner join cluster on outcome.cluster_id = cluster.cluster_id
)

select
    cluster_id,
    family,
    from_edition_id,
    to_edition_id,
    {{ years_between('from_date', 'to_date') }} as years,
    is_adjacent,
    is_scope_changed,
    is_at_risk,
    outcome_code,
    is_survivor,
    evidence_code,
    case
        when evidence_code = 'weak_roster' then inferred_address
        when deciding in ('listed', 'relisted') then shown_address
        else evidence_address
    end as evidence_address,
    exit_earliest,
    exit_latest,
    is_at_risk and not is_survivor and {{ dbt.dateadd('year', 2, 'exit_latest') }} > newest_date as is_provisional,
    case when deciding = 'event' then successor_ids end as successor_ids,
    carrier_id,
    case when deciding in ('listed', 'relisted') then shown_decided_by else recorded_by end as decided_by,
    case when deciding in ('listed', 'relisted') then shown_decided_on else recorded_on end as decided_on,
    'survival-3' as method_version,
    sector_code,
    cast(founded_year as integer) as founded_year,
    unit_kind,
    is_synthetic
from dated
