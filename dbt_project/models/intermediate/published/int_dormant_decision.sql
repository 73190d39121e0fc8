-- Decisions about mentions that no active source holds: kept for the day on which the source comes back.
with

decision as (
    select * from {{ ref('stg_registry__decision') }}
    where is_live
),

mention as (
    select mention_key from {{ ref('int_mention') }}
)

select
    decision.mention_key,
    split_part(decision.mention_key, '/', 1) || '/' || split_part(decision.mention_key, '/', 2) as edition_id
from decision
left join mention on decision.mention_key = mention.mention_key
where mention.mention_key is null
