with register as (
    select
        *,
        'decisions.csv' as register_name
    from {{ ref('decisions') }}
    union all by name
    select
        *,
        'drop-in decisions.csv' as register_name
    from {{ source('raw', 'registry__decision') }}
),

typed as (
    select
        mention_key,
        nullif(cluster_id, '') as cluster_id,
        verdict,
        reason,
        nullif(evidence_address, '') as evidence_address,
        decided_by,
        cast(decided_on as date) as decided_on,
        cast(nullif(withdrawn_on, '') as date) as withdrawn_on,
        nullif(withdrawn_reason, '') as withdrawn_reason,
        register_name
    from register
),

-- A decision is withdrawn on its own row or by a later copy of the row that carries the withdrawal.
final as (
    select
        *,
        max(withdrawn_on) over (partition by mention_key, cluster_id, verdict, decided_on) is not null as is_withdrawn
    from typed
)

select
    *,
    not is_withdrawn and verdict in ('same', 'not_a_cluster', 'not_identified') as is_live
from final
