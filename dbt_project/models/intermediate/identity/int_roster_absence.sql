-- Clusters of organisation lists that were in no edition of a programme by the day of the list. Only a roster that a
-- reviewer declared complete says so, and only while it holds no mention that is still to be decided.
with listing as (
    select * from {{ ref('int_listing') }}
    where is_listed
),

edition as (
    select * from {{ ref('int_edition') }}
),

undecided as (
    select distinct edition_id from {{ ref('int_mention_placement') }}
    where not has_decision
),

roster as (
    select
        part.part_code,
        part.programme_code,
        reviewed.complete_until,
        edition.page_address as evidence_address,
        edition.title,
        edition.is_synthetic
    from {{ ref('internationalisation_roster') }} as reviewed
    inner join {{ ref('internationalisation_part') }} as part on reviewed.programme_code = part.programme_code
    inner join edition on reviewed.edition_id = edition.edition_id
    left join undecided on reviewed.edition_id = undecided.edition_id
    where reviewed.complete_until is not null and undecided.edition_id is null
),

tie as (
    select * from {{ ref('int_programme_tie') }}
)

select
    listing.cluster_id,
    listing.edition_id,
    roster.part_code,
    max(roster.evidence_address) as evidence_address,
    'not in ' || max(roster.title) || ', which with its forerunners names every participant until '
    || max(roster.complete_until) as basis,
    bool_or(roster.is_synthetic) as is_synthetic
from listing
inner join roster on listing.reference_date <= roster.complete_until
left join tie on listing.cluster_id = tie.cluster_id and roster.programme_code = tie.programme_code
where coalesce(tie.first_possible_on > listing.reference_date, true)
group by listing.cluster_id, listing.edition_id, roster.part_code
