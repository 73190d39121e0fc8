-- The one event that says most about a pair: it decides, it was undone by a return in time, it is a closure of which
-- nobody has seen yet whether it lasts, or it is only weak.
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
        pair.shown_on,
        pair.from_date,
        pair.to_date,
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
        ending.date_latest > pair.from_date and ending.date_earliest <= pair.to_date as may_lie_between,
        ending.date_earliest > pair.from_date and ending.date_latest <= pair.to_date as surely_lies_between
    from pair
    inner join ending on pair.cluster_id = ending.cluster_id
),

-- Listed in the to-edition, only a death that surely lies between breaks survival; not listed, any event that may lie
-- between the two editions can be the reason.
weighed as (
    select
        *,
        case
            when is_listed_in_to then
                case
                    when is_strong and outcome_code = 'died' and surely_lies_between
                        and not is_undone_closure and not is_pending_closure
                        then 'decides'
                end
            when not may_lie_between then null
            when not is_strong then 'weak'
            when is_undone_closure then 'reactivated'
            when is_pending_closure then 'pending'
            when not is_back_in_scope then 'decides'
        end as weight,
        max(case
            when is_strong and outcome_code = 'died' and not is_undone_closure and not is_pending_closure
                and date_earliest > from_date and date_latest <= shown_on
                then 1
            else 0
        end) over (partition by cluster_id, from_edition_id, to_edition_id) = 1 as has_death_before_shown
    from met
),

ranked as (
    select
        *,
        row_number() over (
            partition by cluster_id, from_edition_id, to_edition_id
            order by
                case weight
                    when 'decides' then 1 when 'reactivated' then 2 when 'pending' then 3 when 'weak' then 4 else 5
                end,
                precedence,
                date_earliest,
                event_id
        ) as evidence_rank
    from weighed
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
    successor_ids,
    has_death_before_shown
from ranked
where evidence_rank = 1
