-- Agreements with a foreign partner that carry a date: an agreement that nobody dated cannot be laid before an edition.
-- A best practice case that was found to be a listed partnership dates it a second time.
with placement as (
    select
        cluster_id,
        role,
        row_id
    from {{ ref('int_mention_placement') }}
    where cluster_id is not null and role in ('party_jp', 'party_eu')
),

partnership as (
    select * from {{ ref('int_partnership') }}
    where partnership_type = 'pair'
),

dated as (
    select
        partnership_code,
        row_id as partnership_row_id,
        row_id,
        edition_id,
        agreement_printed,
        party_jp_printed,
        party_eu_printed,
        'dated agreement' as evidence_kind,
        agreement_date_printed as date_printed,
        coalesce(source_address, cited_source) as evidence_address,
        is_synthetic
    from partnership
    where agreement_date_printed is not null
    union all
    select
        partnership.partnership_code,
        partnership.row_id as partnership_row_id,
        best_case.row_id,
        best_case.edition_id,
        partnership.agreement_printed,
        best_case.party_jp_printed,
        best_case.party_eu_printed,
        'best practice case' as evidence_kind,
        best_case.agreement_date_printed as date_printed,
        coalesce(best_case.source_address, best_case.cited_source) as evidence_address,
        partnership.is_synthetic or best_case.is_synthetic as is_synthetic
    from {{ ref('int_best_practice_case') }} as best_case
    inner join {{ ref('internationalisation_case') }} as same on best_case.case_code = same.case_code
    inner join partnership on same.partnership_code = partnership.partnership_code
    where best_case.agreement_date_printed is not null
),

-- of several dates the first: from that day on there was an agreement
first_date as (
    select
        *,
        trim(regexp_replace(date_printed, ';.*$', '')) as first_printed
    from dated
)

select
    placement.cluster_id,
    first_date.partnership_code,
    first_date.row_id,
    first_date.edition_id,
    first_date.evidence_kind,
    coalesce(first_date.agreement_printed, 'agreement') || ' with '
    || case when placement.role = 'party_jp' then first_date.party_eu_printed else first_date.party_jp_printed end
    || ', dated ' || first_date.date_printed as words,
    {{ first_day('first_date.first_printed') }} as since_date,
    {{ last_day_of('first_date.first_printed') }} as known_on,
    first_date.evidence_address,
    first_date.is_synthetic
from first_date
inner join placement on first_date.partnership_row_id = placement.row_id
where {{ last_day_of('first_date.first_printed') }} is not null
