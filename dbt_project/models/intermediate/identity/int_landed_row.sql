-- Rows of one edition that its key columns do not tell apart, although they do not say the same.
with conflicting as (
    select
        source_id,
        printed_key
    from {{ ref('stg_catalog__landed_row') }}
    where printed_key is not null
    group by source_id, printed_key
    having count(distinct cast(printed as {{ dbt.type_string() }})) > 1
),

entry as (
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
    landed.is_struck,
    conflicting.printed_key is not null as is_conflicting,
    coalesce(not entry.has_decision, false) as is_unresolved
from {{ ref('stg_catalog__landed_row') }} as landed
left join entry on landed.row_id = entry.row_id
left join conflicting
    on landed.source_id = conflicting.source_id
    and landed.printed_key = conflicting.printed_key
