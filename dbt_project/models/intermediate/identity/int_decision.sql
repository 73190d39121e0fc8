-- Every decision row, also those withdrawn. A row is synthetic if its mention is; a decision whose mention is not there
-- goes by its cluster, and one that names none by the edition that now has the place.
with decision as (
    select
        *,
        split_part(mention_key, '/', 1) || '/' || split_part(mention_key, '/', 2) as edition_id,
        md5(mention_key || '|' || coalesce(cluster_id, '') || '|' || verdict || '|' || decided_on) as row_hash
    from {{ ref('stg_registry__decision') }}
),

mention as (
    select mention_key, is_synthetic from {{ ref('int_mention') }}
),

edition as (
    select edition_id, bool_or(is_synthetic) as is_synthetic from {{ ref('int_edition') }}
    group by edition_id
)

select
    substr(decision.row_hash, 1, 16) || '-' || row_number() over (
        partition by decision.row_hash
        order by decision.withdrawn_on nulls first, decision.register_file, decision.line_number
    ) as decision_id,
    decision.mention_key,
    decision.cluster_id,
    decision.verdict,
    decision.reason,
    decision.evidence_address,
    decision.decided_by,
    decision.decided_on,
    decision.withdrawn_on,
    decision.withdrawn_reason,
    not decision.is_withdrawn as is_live,
    decision.register_file,
    decision.line_number,
    coalesce(mention.is_synthetic, cluster.is_synthetic, edition.is_synthetic, false) as is_synthetic
from decision
left join mention on decision.mention_key = mention.mention_key
left join {{ ref('stg_registry__cluster') }} as cluster on decision.cluster_id = cluster.cluster_id
left join edition on decision.edition_id = edition.edition_id
