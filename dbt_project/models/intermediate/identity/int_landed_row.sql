with entry as (
    select
        row_id,
        mention_key,
        has_decision
    from {{ ref('int_mention_placement') }}
    where role = 'entry'
)

select
    landed.row_id,
    landed.source_id,
    landed.rejected_reason,
    landed.rejected_reason is not null as is_rejected,
    coalesce(not entry.has_decision, false) as is_unresolved
from {{ ref('stg_catalog__landed_row') }} as landed
left join entry on landed.row_id = entry.row_id
