with mention as (
    select * from {{ ref('int_mention_placement') }}
),

landed as (
    select * from {{ ref('int_landed_row') }}
)

select
    mention.mention_key,
    mention.role,
    mention.family,
    mention.edition_id,
    mention.entry_key,
    mention.name_printed,
    mention.name_en_printed,
    mention.name_ja_printed,
    mention.country_printed,
    mention.region_printed,
    mention.website_printed,
    mention.country_code,
    mention.prefecture_code,
    mention.cluster_id,
    mention.verdict,
    mention.decision_reason,
    mention.evidence_address,
    mention.decided_by,
    mention.decided_on,
    landed.is_struck,
    landed.is_conflicting,
    mention.row_id,
    mention.is_synthetic
from mention
inner join landed on mention.row_id = landed.row_id
