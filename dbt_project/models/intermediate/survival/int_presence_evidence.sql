-- What strong events say about a cluster on the reference date of an edition that does not list it. An event counts if
-- it may lie after the last listing; a closure counts as in the outcome of survival, so that both say the same.
with met as (
    select
        cell.cluster_id,
        cell.edition_id,
        ending.outcome_code = 'out_of_scope' as is_exit_by_scope,
        ending.outcome_code = 'died' as is_death,
        ending.outcome_code = 'died' and ending.is_returned_in_time as is_undone,
        coalesce(ending.lasting_from > cell.newest_date, false) as is_pending,
        coalesce(ending.returned_on <= cell.reference_date, false) as is_back,
        ending.date_earliest <= cell.reference_date
        and coalesce(ending.date_latest <= cell.listed_after_on, true) as may_explain,
        ending.date_earliest > cell.reference_date and cell.listed_before_on is not null as ends_later
    from {{ ref('int_presence_cell') }} as cell
    inner join {{ ref('int_cluster_exit') }} as ending on cell.cluster_id = ending.cluster_id
    where ending.is_strong and coalesce(ending.date_latest > cell.listed_before_on, true)
)

select
    cluster_id,
    edition_id,
    bool_or(may_explain and not is_exit_by_scope and not is_undone and not is_pending and not is_back) as is_ceased,
    bool_or(may_explain and is_death and not is_undone and not is_pending and not is_back) as is_dead,
    bool_or(may_explain and is_exit_by_scope and not is_back) as is_out_of_scope,
    bool_or(may_explain and is_undone) as is_reactivated,
    bool_or(may_explain and is_pending) as is_pending,
    bool_or(ends_later) as is_ended_later
from met
group by cluster_id, edition_id
