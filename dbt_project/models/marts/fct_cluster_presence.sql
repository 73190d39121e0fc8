with cell as (
    select * from {{ ref('int_presence_cell') }}
),

evidence as (
    select * from {{ ref('int_presence_evidence') }}
),

listing as (
    select * from {{ ref('int_listing') }}
),

final as (
    select
        cell.*,
        listing.row_id,
        listing.mention_key,
        listing.name_printed,
        listing.name_en_printed,
        listing.prefecture_code,
        listing.sector_code,
        listing.website_status_code,
        listing.internationalisation_level_code,
        listing.founded_year as founded_year_printed,
        case
            when listing.is_listed then 'listed'
            when cell.listed_before_on is null and cell.founded_year > extract(year from cell.reference_date)
                then 'not_yet_founded'
            when cell.listed_before_on is null and cell.created_on > cell.reference_date then 'not_yet_founded'
            when evidence.is_ceased then 'not_listed_ceased'
            when evidence.is_out_of_scope then 'out_of_scope'
            when evidence.is_reactivated then 'not_listed_active'
            when evidence.is_ended_later and not evidence.is_pending then 'not_listed_active'
            when cell.listed_before_on is not null and cell.listed_after_on is not null then 'not_listed_active'
            when cell.listed_after_on is not null and cell.founded_year < extract(year from cell.reference_date)
                then 'not_listed_active'
            else 'not_listed_unknown'
        end as presence_status
    from cell
    left join listing on cell.cluster_id = listing.cluster_id and cell.edition_id = listing.edition_id
    left join evidence on cell.cluster_id = evidence.cluster_id and cell.edition_id = evidence.edition_id
)

select
    cluster_id,
    family,
    edition_id,
    presence_status,
    row_id,
    mention_key,
    name_printed,
    name_en_printed,
    prefecture_code,
    sector_code,
    website_status_code,
    internationalisation_level_code,
    coalesce(founded_year_printed, founded_year) as founded_year,
    is_synthetic
from final
