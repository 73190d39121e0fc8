-- Decisions about mentions that no active source holds. Those on an edition that is away, or on synthetic rows whose
-- place a real edition took, are kept for the day on which it comes back; the others are mistaken.
with

decision as (
    select
        *,
        split_part(mention_key, '/', 1) || '/' || split_part(mention_key, '/', 2) as edition_id
    from {{ ref('stg_registry__decision') }}
    where not is_withdrawn and mention_key is not null
),

mention as (
    select mention_key from {{ ref('int_mention') }}
),

edition as (
    select
        edition_id,
        max(replaces_source_id) is not null as is_replacement
    from {{ ref('int_edition') }}
    group by edition_id
)

select
    decision.mention_key,
    decision.edition_id,
    decision.is_live,
    edition.edition_id is null or (edition.is_replacement and coalesce(cluster.is_synthetic, true)) as is_waiting,
    decision.register_file,
    decision.line_number
from decision
left join mention on decision.mention_key = mention.mention_key
left join edition on decision.edition_id = edition.edition_id
left join {{ ref('stg_registry__cluster') }} as cluster on decision.cluster_id = cluster.cluster_id
where mention.mention_key is null
