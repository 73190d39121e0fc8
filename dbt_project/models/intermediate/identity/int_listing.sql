-- A list may name the same cluster twice: the first row that is really listed stands for it. A row of which the
-- publisher says that it was only contacted, or that we inferred and nobody printed, is no listing.
with ranked as (
    select
        placement.cluster_id,
        placement.decided_by,
        placement.decided_on,
        placement.evidence_address,
        entry.*,
        not entry.is_contacted_only and not entry.is_inferred as is_listed,
        row_number() over (
            partition by placement.cluster_id, entry.edition_id
            order by entry.is_contacted_only or entry.is_inferred, entry.row_number, entry.row_id
        ) as listing_rank,
        count(*) over (partition by placement.cluster_id, entry.edition_id) as n_mentions
    from {{ ref('int_mention_placement') }} as placement
    inner join {{ ref('int_entry') }} as entry on placement.mention_key = entry.mention_key
    where placement.cluster_id is not null
)

select
    ranked.cluster_id,
    ranked.family,
    ranked.edition_id,
    edition.edition_order,
    edition.reference_date,
    edition.page_address,
    ranked.mention_key,
    ranked.row_id,
    ranked.n_mentions,
    ranked.is_listed,
    ranked.is_inferred,
    ranked.name as name_printed,
    ranked.name_en as name_en_printed,
    ranked.name_ja as name_ja_printed,
    ranked.prefecture_code,
    ranked.sector_code,
    ranked.website_status_code,
    ranked.internationalisation_level_code,
    ranked.founded_year,
    ranked.funding_end_year,
    {{ name_key('coalesce(ranked.name_read, ranked.name)') }} as name_key,
    {{ script_code('ranked.name') }} as name_script,
    {{ name_key('coalesce(ranked.name_en_read, ranked.name_en)') }} as name_en_key,
    coalesce(ranked.prefecture_code, {{ name_key('ranked.prefecture_printed') }}) as prefecture_key,
    coalesce(ranked.sector_code, {{ name_key('ranked.sector_printed') }}) as sector_key,
    ranked.decided_by,
    ranked.decided_on,
    ranked.evidence_address,
    ranked.is_synthetic
from ranked
inner join {{ ref('int_edition') }} as edition on ranked.edition_id = edition.edition_id
where ranked.listing_rank = 1
