-- A cluster is looked for in every edition of the families that ever named it; synthetic and real stay apart.
with edition as (
    select
        *,
        max(reference_date) over (partition by family, is_synthetic) as newest_date
    from {{ ref('int_edition') }}
    where has_entries
),

listing as (
    select * from {{ ref('int_listing') }}
),

cell as (
    select distinct
        listing.cluster_id,
        listing.is_synthetic,
        edition.family,
        edition.edition_id,
        edition.edition_order,
        edition.reference_date,
        edition.newest_date
    from listing
    inner join edition on listing.family = edition.family and listing.is_synthetic = edition.is_synthetic
),

-- The listings around the edition: a return shows that the cluster was active in between.
around as (
    select
        cell.cluster_id,
        cell.edition_id,
        max(case when listing.edition_order < cell.edition_order then listing.reference_date end) as listed_before_on,
        min(case when listing.edition_order > cell.edition_order then listing.reference_date end) as listed_after_on
    from cell
    inner join listing on cell.cluster_id = listing.cluster_id and cell.family = listing.family
    where listing.is_listed
    group by cell.cluster_id, cell.edition_id
),

-- Created by a strong event (birth, merger, break-up, ...): there is nothing to list before it.
creation as (
    select
        cluster_id,
        min(date_earliest) as created_on
    from {{ ref('int_cluster_creation') }}
    where is_created
    group by cluster_id
)

select
    cell.*,
    cluster.founded_year,
    creation.created_on,
    around.listed_before_on,
    around.listed_after_on
from cell
inner join {{ ref('int_cluster') }} as cluster on cell.cluster_id = cluster.cluster_id
left join around on cell.cluster_id = around.cluster_id and cell.edition_id = around.edition_id
left join creation on cell.cluster_id = creation.cluster_id
