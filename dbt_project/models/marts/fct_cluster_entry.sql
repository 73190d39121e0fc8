with pair as (
    select * from {{ ref('int_edition_pair') }}
),

presence as (
    select * from {{ ref('fct_cluster_presence') }}
),

cluster as (
    select * from {{ ref('dim_cluster') }}
),

-- The event that brought a cluster in between the two editions; a creation says more than an entry by scope.
creation as (
    select
        pair.from_edition_id,
        pair.to_edition_id,
        creation.*,
        row_number() over (
            partition by pair.from_edition_id, pair.to_edition_id, creation.cluster_id
            order by creation.is_created desc, creation.date_earliest, creation.event_id
        ) as creation_rank
    from pair
    inner join {{ ref('int_cluster_creation') }} as creation
        on pair.from_date < creation.date_earliest
        and pair.to_date >= creation.date_earliest
),

-- What was known on the day of the earlier edition decides how a cluster of the later one came in.
ruled as (
    select
        at_to.cluster_id,
        at_to.row_id,
        at_to.founded_year,
        at_to.sector_code,
        at_to.is_synthetic,
        cluster.unit_kind,
        pair.*,
        creation.event_type,
        creation.entry_code,
        creation.date_earliest,
        creation.date_latest,
        creation.evidence_address,
        case
            when at_from.presence_status = 'listed' and outcome.outcome_code = 'died' then 'returned'
            when at_from.presence_status = 'not_listed_ceased' and evidence.is_dead then 'returned'
            when at_from.presence_status = 'listed' then 'listed'
            when creation.event_id is not null then 'event'
            when at_from.presence_status = 'not_yet_founded'
                and at_to.founded_year > extract(year from pair.from_date)
                and at_to.founded_year <= extract(year from pair.to_date)
                then 'founded_year'
            when at_from.presence_status = 'out_of_scope' then 'back_in_scope'
            when at_from.presence_status = 'not_listed_active' and evidence.is_reactivated then 'reactivated'
            when at_from.presence_status = 'not_listed_active' and cell.listed_before_on is not null then 'relisted'
            when at_from.presence_status = 'not_listed_active' then 'founded_earlier'
            else 'none'
        end as basis
    from pair
    inner join presence as at_to on pair.to_edition_id = at_to.edition_id and at_to.presence_status = 'listed'
    inner join presence as at_from
        on pair.from_edition_id = at_from.edition_id
        and at_to.cluster_id = at_from.cluster_id
    inner join cluster on at_to.cluster_id = cluster.cluster_id
    inner join {{ ref('int_presence_cell') }} as cell
        on pair.from_edition_id = cell.edition_id
        and at_to.cluster_id = cell.cluster_id
    left join {{ ref('int_presence_evidence') }} as evidence
        on pair.from_edition_id = evidence.edition_id
        and at_to.cluster_id = evidence.cluster_id
    left join {{ ref('int_survival_outcome') }} as outcome
        on pair.from_edition_id = outcome.from_edition_id
        and pair.to_edition_id = outcome.to_edition_id
        and at_to.cluster_id = outcome.cluster_id
    left join creation
        on pair.from_edition_id = creation.from_edition_id
        and pair.to_edition_id = creation.to_edition_id
        and at_to.cluster_id = creation.cluster_id
        and creation.creation_rank = 1
)

select
    cluster_id,
    family,
    from_edition_id,
    to_edition_id,
    {{ years_between('from_date', 'to_date') }} as years,
    is_adjacent,
    is_scope_changed,
    case basis
        when 'listed' then 'continued'
        when 'event' then entry_code
        when 'returned' then 'birth'
        when 'founded_year' then 'birth'
        when 'back_in_scope' then 'scope_entry'
        when 'reactivated' then 'reactivation'
        when 'relisted' then 'relisted'
        when 'founded_earlier' then 'late_discovery'
        else 'unknown'
    end as entry_code,
    case when basis = 'event' then event_type else basis end as evidence_code,
    case when basis = 'event' then evidence_address end as evidence_address,
    case when basis = 'event' then date_earliest end as entered_earliest,
    case when basis = 'event' then date_latest end as entered_latest,
    founded_year,
    row_id,
    'entry-1' as method_version,
    sector_code,
    unit_kind,
    is_synthetic
from ruled
