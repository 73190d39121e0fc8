-- Everything that speaks of a part for a cluster in an edition. Rosters, agreements and partnerships count only from
-- the day on which they certainly hold, and only for editions of that day or later. A roster shows that a cluster took
-- part; that it did not is shown only by a roster that a reviewer declared complete.
with listing as (
    select listing.*
    from {{ ref('int_listing') }} as listing
    inner join {{ ref('int_edition') }} as edition on listing.edition_id = edition.edition_id
    where listing.is_listed and edition.kind = 'organisation_list'
),

edition as (
    select * from {{ ref('int_edition') }}
),

printed as (
    select
        listing.cluster_id,
        listing.edition_id,
        printed.part_code,
        printed.value_code,
        'printed cell' as evidence_kind,
        cast(null as date) as known_on,
        cast(null as date) as since_date,
        cast(null as date) as until_date,
        printed.row_id as evidence_row_id,
        coalesce(printed.evidence_address, listing.page_address) as evidence_address,
        printed.basis,
        listing.is_synthetic
    from listing
    inner join {{ ref('int_internationalisation_printed') }} as printed on listing.row_id = printed.row_id
),

part as (
    select * from {{ ref('internationalisation_part') }}
),

tie as (
    select
        listing.cluster_id,
        listing.edition_id,
        part.part_code,
        'yes' as value_code,
        'programme roster' as evidence_kind,
        tie.known_on,
        tie.since_date,
        tie.until_date,
        tie.row_id as evidence_row_id,
        tie.evidence_address,
        'named as ' || replace(tie.role, '_', ' ') || ' in ' || edition.title || ', row ' || tie.row_id as basis,
        listing.is_synthetic or tie.is_synthetic as is_synthetic
    from listing
    inner join {{ ref('int_programme_participant') }} as tie
        on listing.cluster_id = tie.cluster_id
        and tie.known_on <= listing.reference_date
    inner join part on tie.programme_code = part.programme_code
    inner join edition on tie.edition_id = edition.edition_id
),

agreement as (
    select
        listing.cluster_id,
        listing.edition_id,
        'has_foreign_agreement' as part_code,
        'yes' as value_code,
        agreement.evidence_kind,
        agreement.known_on,
        agreement.since_date,
        cast(null as date) as until_date,
        agreement.row_id as evidence_row_id,
        agreement.evidence_address,
        agreement.words || ', in ' || edition.title || ', row ' || agreement.row_id as basis,
        listing.is_synthetic or agreement.is_synthetic as is_synthetic
    from listing
    inner join {{ ref('int_foreign_agreement') }} as agreement
        on listing.cluster_id = agreement.cluster_id
        and agreement.known_on <= listing.reference_date
    inner join edition on agreement.edition_id = edition.edition_id
),

relation as (
    select
        listing.cluster_id,
        listing.edition_id,
        part.part_code,
        case
            when part.part_code = 'target_areas' then area.partner_area
            when relation.runs_to >= listing.reference_date then 'current'
            when relation.until_date < listing.reference_date then 'past'
            else 'undated'
        end as value_code,
        relation.evidence_kind,
        relation.known_on,
        relation.since_date,
        relation.until_date,
        relation.row_id as evidence_row_id,
        relation.evidence_address,
        'partner in ' || relation.country_code || ' in ' || edition.title || ', row ' || relation.row_id as basis,
        listing.is_synthetic or relation.is_synthetic as is_synthetic
    from listing
    inner join {{ ref('int_foreign_relation') }} as relation
        on listing.cluster_id = relation.cluster_id
        and relation.known_on <= listing.reference_date
    inner join {{ ref('int_country_area') }} as area
        on relation.country_code = area.country_code
        and listing.reference_date between area.valid_from and area.valid_to
    inner join part
        on part.part_code = 'target_areas' or (part.part_code = 'eu_relation' and area.is_in_eu)
    inner join edition on relation.edition_id = edition.edition_id
)

select * from printed
union all
select * from tie
union all
select * from agreement
union all
select * from relation
union all
select
    listing.cluster_id,
    listing.edition_id,
    absence.part_code,
    'no' as value_code,
    'complete roster' as evidence_kind,
    cast(null as date) as known_on,
    cast(null as date) as since_date,
    cast(null as date) as until_date,
    cast(null as {{ dbt.type_string() }}) as evidence_row_id,
    absence.evidence_address,
    absence.basis,
    listing.is_synthetic or absence.is_synthetic as is_synthetic
from listing
inner join {{ ref('int_roster_absence') }} as absence
    on listing.cluster_id = absence.cluster_id
    and listing.edition_id = absence.edition_id
