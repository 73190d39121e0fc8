-- Every cluster placed in an edition is followed to every later edition of the family.
with pair as (
    select * from {{ ref('int_edition_pair') }}
),

-- Only a year of foundation printed by then: one printed later is known of those alone that lasted.
listing as (
    select
        *,
        coalesce(
            founded_year, max(founded_year) over (partition by cluster_id, family order by edition_order)
        ) as founded_year_by_then
    from {{ ref('int_listing') }}
),

-- The listing that shows the cluster at or after the to-edition; the first one counts.
later as (
    select
        pair.from_edition_id,
        pair.to_edition_id,
        listing.*,
        row_number() over (
            partition by pair.from_edition_id, pair.to_edition_id, listing.cluster_id
            order by listing.edition_order
        ) as later_rank
    from pair
    inner join listing
        on pair.family = listing.family
        and pair.to_order <= listing.edition_order
    where listing.is_listed
)

select
    at_from.cluster_id,
    pair.*,
    at_from.is_listed as is_at_risk,
    at_from.sector_code,
    at_from.founded_year_by_then as founded_year,
    at_from.is_synthetic,
    later.edition_id as shown_in_edition_id,
    coalesce(later.edition_id = pair.to_edition_id, false) as is_listed_in_to,
    coalesce(at_to.is_inferred, false) as is_inferred_in_to,
    at_to.page_address as inferred_address,
    later.reference_date as shown_on,
    later.decided_by as shown_decided_by,
    later.decided_on as shown_decided_on,
    coalesce(later.evidence_address, later.page_address) as shown_address,
    {{ is_name_changed('at_from', 'later') }} as is_renamed,
    coalesce(at_from.prefecture_key <> later.prefecture_key, false) as is_moved,
    coalesce(at_from.sector_key <> later.sector_key, false) as is_in_other_sector
from pair
inner join listing as at_from on pair.from_edition_id = at_from.edition_id
left join listing as at_to
    on pair.to_edition_id = at_to.edition_id
    and at_from.cluster_id = at_to.cluster_id
    and at_to.is_inferred
left join later
    on pair.from_edition_id = later.from_edition_id
    and pair.to_edition_id = later.to_edition_id
    and at_from.cluster_id = later.cluster_id
    and later.later_rank = 1
