-- The one event that says most about a pair: it decides, it was undone by a return in time, it is a closure of which
-- nobody has seen yet whether it lasts, it came later and so shows that the cluster was active until then, or it is
-- only weak.
with pair as (
    select * from {{ ref('int_survival_pair') }}
),

ending as (
    select * from {{ ref('int_cluster_exit') }}
),

met as (
    select
        pair.cluster_id,
        pair.from_edition_id,
        pair.to_edition_id,
        pair.is_listed_in_to,
        ending.event_id,
        ending.event_type,
        ending.outcome_code,
        ending.precedence,
        ending.is_strong,
        ending.date_earliest,
        ending.date_latest,
        ending.evidence_kind,
        ending.evidence_address,
        ending.recorded_by,
        ending.recorded_on,
        ending.successor_ids,
        ending.outcome_code = 'died' and ending.is_returned_in_time as is_undone_closure,
        coalesce(ending.lasting_from > pair.newest_date, false) as is_pending_closure,
        ending.outcome_code = 'out_of_scope'
        and coalesce(ending.returned_on <= pair.to_date, false) as is_back_in_scope,
        ending.date_latest > pair.from_date
        and ending.date_earliest <= pair.to_date
        and coalesce(ending.date_latest <= pair.shown_on, true) as may_lie_between,
        ending.date_earliest > pair.to_date as lies_after,
        ending.date_earliest > pair.from_date and ending.date_latest <= pair.to_date as surely_lies_between
    from pair
    inner join ending on pair.cluster_id = ending.cluster_id
),

-- Listed in the to-edition, only a death that surely lies between breaks survival; not listed, any event that may lie
-- between the two editions can be the reason, unless it may as well lie after a later listing.
weighed as (
    select
        *,
        case
            when is_strong and outcome_code = 'died' and surely_lies_between
                and not is_undone_closure and not is_pending_closure
                then 'decides'
            when is_listed_in_to then null
            when is_strong and lies_after then 'ended_later'
            when not may_lie_between then null
            when not is_strong then 'weak'
            when is_undone_closure then 'reactivated'
            when is_pending_closure then 'pending'
            when not is_back_in_scope then 'decides'
        end as weight
    from met
),

ranked as (
    select
        *,
        row_number() over (
            partition by cluster_id, from_edition_id, to_edition_id
            order by
                weight = 'decides' desc,
                weight = 'reactivated' desc,
                weight = 'pending' desc,
                weight = 'ended_later' desc,
                precedence,
                date_earliest,
                event_id
        ) as evidence_rank
    from weighed
    where weight is not null
)

select
    cluster_id,
    from_edition_id,
    to_edition_id,
    event_id,
    event_type,
    weight,
    outcome_code,
    date_earliest,
    date_latest,
    evidence_kind,
    evidence_address,
    recorded_by,
    recorded_on,
    successor_ids
from ranked
where evidence_rank = 1
