-- What strong events say about a cluster on the reference date of an edition. A listing after an event outweighs it.
with met as (
    select
        cell.cluster_id,
        cell.edition_id,
        ending.outcome_code,
        ending.is_returned_in_time,
        coalesce(ending.date_latest > cell.listed_before_on, true) as is_after_last_listing,
        ending.date_latest <= cell.reference_date
        and coalesce(ending.returned_on > cell.reference_date, true) as is_in_force,
        coalesce(ending.date_earliest <= cell.listed_after_on, false) as is_before_next_listing
    from {{ ref('int_presence_cell') }} as cell
    inner join {{ ref('int_cluster_exit') }} as ending on cell.cluster_id = ending.cluster_id
    where ending.is_strong
)

select
    cluster_id,
    edition_id,
    bool_or(
        outcome_code <> 'out_of_scope' and not is_returned_in_time and is_after_last_listing and is_in_force
    ) as is_ceased,
    bool_or(outcome_code = 'out_of_scope' and is_after_last_listing and is_in_force) as is_out_of_scope,
    bool_or(is_returned_in_time and outcome_code = 'died' and is_after_last_listing) as is_reactivated,
    bool_or(
        outcome_code = 'died' and not is_returned_in_time and is_after_last_listing and is_before_next_listing
    ) as has_death_around
from met
group by cluster_id, edition_id
