-- The parts as a list prints them; empty cells stay unknown. Participation is also taken from the rosters, which can
-- show that a cluster took part but never that it did not.
with printed as (
    select
        row_id,
        edition_id,
        internationalisation_level as level_printed,
        lower(programme_links) as programme_links,
        coalesce(
            {{ printed_boolean('organisation.has_english_site') }}, website_status.has_english_site
        ) as has_english_site,
        {{ printed_boolean('organisation.has_international_contact') }} as has_international_contact,
        {{ printed_boolean('organisation.has_foreign_agreement') }} as has_foreign_agreement,
        {{ printed_boolean('organisation.has_office_abroad') }} as has_office_abroad
    from {{ ref('stg_organisation_list__organisation') }} as organisation
    left join {{ ref('website_status') }} as website_status
        on organisation.website_status_code = website_status.website_status_code
),

edition_with_parts as (
    select edition_id from printed
    where coalesce(
        has_english_site, has_international_contact, has_foreign_agreement, has_office_abroad
    ) is not null
    or programme_links is not null
    group by edition_id
),

tie as (
    select
        cluster_id,
        min(case programme_code when 'JETRO_RIT' then first_known_on end) as rit_known_on,
        min(case programme_code when 'ESCP4I' then first_known_on end) as escp4i_known_on
    from {{ ref('int_programme_tie') }}
    group by cluster_id
)

select
    listing.cluster_id,
    listing.edition_id,
    printed.level_printed,
    listing.internationalisation_level_code as level_code,
    printed.has_english_site,
    printed.has_international_contact,
    printed.has_foreign_agreement,
    case
        when tie.rit_known_on <= listing.reference_date then true
        else regexp_replace(printed.programme_links, '(^|[^a-z])rit([^a-z]|$)', '') <> printed.programme_links
    end as has_rit_participation,
    case
        when tie.escp4i_known_on <= listing.reference_date then true
        else printed.programme_links like '%escp%'
    end as has_escp4i_membership,
    printed.has_office_abroad,
    listing.row_id,
    listing.is_synthetic
from {{ ref('int_listing') }} as listing
inner join edition_with_parts on listing.edition_id = edition_with_parts.edition_id
inner join printed on listing.row_id = printed.row_id
left join tie on listing.cluster_id = tie.cluster_id
where listing.is_listed
