-- Two kinds: nobody has decided yet, and somebody looked and could not tell who is meant.
with placement as (
    select * from {{ ref('int_mention_placement') }}
    where not has_decision or verdict = 'not_identified'
),

edition as (
    select * from {{ ref('int_edition') }}
),

landed as (
    select * from {{ ref('int_landed_row') }}
)

select
    placement.mention_key,
    placement.family,
    placement.edition_id,
    placement.role,
    placement.name_printed,
    placement.country_printed,
    placement.region_printed,
    placement.row_id,
    coalesce(landed.is_struck, false) as is_struck,
    coalesce(landed.is_conflicting, false) as is_conflicting,
    case
        when placement.has_decision then 'Nobody could be identified: ' || placement.decision_reason
        when placement.unsure_reason is not null then 'The reviewer was not sure: ' || placement.unsure_reason
        when placement.withdrawn_reason is not null
            then 'The decision was withdrawn: ' || placement.withdrawn_reason
        when placement.different_cluster_id is not null
            then 'It was decided that this is not ' || placement.different_cluster_id
                || ', but not yet which cluster it is'
        else 'No decision row names this mention yet'
    end as reason,
    not placement.has_decision and placement.role = 'entry' and edition.status = 'final' as is_blocking,
    placement.is_synthetic
from placement
inner join edition on placement.edition_id = edition.edition_id
left join landed on placement.row_id = landed.row_id
