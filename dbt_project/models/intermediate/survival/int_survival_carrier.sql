-- A take-over by a new body is survival for as long as that body is there. If strong events ended it by the day of the
-- to-edition, its end is the outcome; it may itself have been carried on.
with recursive ending as (
    select * from {{ ref('int_cluster_exit') }}
    where is_strong
),

carried as (
    select
        evidence.cluster_id,
        evidence.from_edition_id,
        evidence.to_edition_id,
        pair.to_date,
        pair.newest_date,
        evidence.successor_ids as carrier_id
    from {{ ref('int_survival_evidence') }} as evidence
    inner join {{ ref('int_edition_pair') }} as pair
        on evidence.from_edition_id = pair.from_edition_id
        and evidence.to_edition_id = pair.to_edition_id
    where evidence.weight = 'decides' and evidence.outcome_code = 'survived_by_takeover'
    union
    select
        carried.cluster_id,
        carried.from_edition_id,
        carried.to_edition_id,
        carried.to_date,
        carried.newest_date,
        ending.successor_ids
    from carried
    inner join ending
        on carried.carrier_id = ending.cluster_id
        and carried.to_date >= ending.date_latest
    where ending.outcome_code = 'survived_by_takeover'
),

listing as (
    select * from {{ ref('int_listing') }}
    where is_listed
),

ended as (
    select
        carried.cluster_id,
        carried.from_edition_id,
        carried.to_edition_id,
        carried.carrier_id,
        ending.event_id,
        row_number() over (
            partition by carried.cluster_id, carried.from_edition_id, carried.to_edition_id
            order by ending.precedence, ending.date_earliest, ending.event_id
        ) as ending_rank
    from carried
    inner join ending on carried.carrier_id = ending.cluster_id and carried.to_date >= ending.date_latest
    left join listing on carried.carrier_id = listing.cluster_id and carried.to_edition_id = listing.edition_id
    where ending.outcome_code in ('merged', 'absorbed', 'broken_up', 'died')
        and not ending.is_returned_in_time
        and coalesce(ending.lasting_from <= carried.newest_date, true)
        and listing.cluster_id is null
)

select
    ended.cluster_id,
    ended.from_edition_id,
    ended.to_edition_id,
    ending.event_id,
    ending.event_type,
    'decides' as weight,
    ending.outcome_code,
    ending.date_earliest,
    ending.date_latest,
    ending.evidence_kind,
    ending.evidence_address,
    ending.recorded_by,
    ending.recorded_on,
    ending.successor_ids,
    ended.carrier_id
from ended
inner join ending on ended.carrier_id = ending.cluster_id and ended.event_id = ending.event_id
where ended.ending_rank = 1
