-- Relations of a cluster with a country abroad, from rosters and partnership lists, and how far their dates reach.
with tie as (
    select
        cluster_id,
        foreign_country_code as country_code,
        row_id,
        edition_id,
        known_on,
        since_date,
        until_date,
        runs_to,
        evidence_address,
        'programme roster' as evidence_kind,
        is_synthetic
    from {{ ref('int_programme_participant') }}
    where foreign_country_code is not null
),

country as (
    select country_code from {{ ref('country') }}
),

-- A cell may hold several countries.
pair as (
    select
        partnership.cluster_id_jp as cluster_id,
        country.country_code,
        partnership.row_id,
        partnership.edition_id,
        coalesce(partnership.start_latest, partnership.reference_date) as known_on,
        partnership.start_earliest as since_date,
        partnership.end_latest as until_date,
        partnership.end_earliest as runs_to,
        coalesce(partnership.source_address, partnership.cited_source) as evidence_address,
        'partnership list' as evidence_kind,
        partnership.is_synthetic
    from {{ ref('int_partnership') }} as partnership
    inner join country
        on partnership.partner_country_code = country.country_code
        or ';' || replace(partnership.partner_countries_printed, ' ', '') || ';'
        like '%;' || country.country_code || ';%'
    where partnership.partnership_type = 'pair' and partnership.cluster_id_jp is not null
)

select * from tie
union all
select * from pair
