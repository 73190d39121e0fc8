-- Each contradiction is decided by tests or by a reviewed row, never by both and never by none.
with computed as (
    select distinct conflict_code from {{ ref('conflict_control') }}
),

reviewed as (
    select conflict_code from {{ ref('conflict_resolution') }}
)

select contradiction.conflict_code
from {{ ref('fct_source_contradiction') }} as contradiction
left join computed on contradiction.conflict_code = computed.conflict_code
left join reviewed on contradiction.conflict_code = reviewed.conflict_code
where contradiction.is_current
    and (computed.conflict_code is null) = (reviewed.conflict_code is null)
