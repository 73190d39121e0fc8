with mention as (
    select * from {{ ref('int_mention') }}
),

decision as (
    select * from {{ ref('stg_registry__decision') }}
),

live as (
    select * from decision
    where is_live
),

-- What else was written about a mention that nobody placed: the worklist says it in words.
other as (
    select
        mention_key,
        max(case when verdict = 'unsure' and not is_withdrawn then reason end) as unsure_reason,
        max(case when verdict = 'different' and not is_withdrawn then cluster_id end) as different_cluster_id,
        max(case when is_withdrawn then withdrawn_reason end) as withdrawn_reason
    from decision
    where not is_live
    group by mention_key
)

select
    mention.*,
    live.cluster_id,
    live.verdict,
    live.reason as decision_reason,
    live.evidence_address,
    live.decided_by,
    live.decided_on,
    live.mention_key is not null as has_decision,
    other.unsure_reason,
    other.different_cluster_id,
    other.withdrawn_reason
from mention
left join live on mention.mention_key = live.mention_key
left join other on mention.mention_key = other.mention_key
