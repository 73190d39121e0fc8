with register as (
    select
        mention_key,
        cluster_id,
        verdict,
        reason,
        evidence_address,
        decided_by,
        try_cast(decided_on as date) as decided_on,
        decided_on as decided_on_printed,
        try_cast(withdrawn_on as date) as withdrawn_on,
        withdrawn_on as withdrawn_on_printed,
        withdrawn_reason,
        register_file,
        line_number
    from {{ source('raw', 'registry__decision') }}
),

-- A decision is withdrawn on its own row or by a later copy of the row that carries the withdrawal; the same verdict
-- given once more after that counts. Drop-in files come after the bundled one, so they may withdraw what it says.
final as (
    select
        *,
        max(withdrawn_on) over (
            partition by mention_key, cluster_id, verdict, decided_on
            order by register_file not like 'dbt_project/%', register_file, line_number
            rows between current row and unbounded following
        ) is not null as is_withdrawn
    from register
)

select
    *,
    not is_withdrawn and verdict in ('same', 'not_a_cluster', 'not_identified') as is_live
from final
