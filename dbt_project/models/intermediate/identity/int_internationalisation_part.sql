-- One answer per cluster, edition and part: the evidence that weighs most, what was dated first before what came later.
with listing as (
    select
        listing.cluster_id,
        listing.edition_id,
        listing.reference_date,
        listing.row_id,
        organisation.internationalisation_level as level_printed,
        organisation.internationalisation_level_code as level_code,
        listing.is_synthetic
    from {{ ref('int_listing') }} as listing
    inner join {{ ref('stg_organisation_list__organisation') }} as organisation on listing.row_id = organisation.row_id
    where listing.is_listed
),

part as (
    select * from {{ ref('internationalisation_part') }}
),

weighed as (
    select
        evidence.*,
        stated.precedence,
        stated.is_positive,
        min(stated.precedence) over one_part as best_precedence,
        row_number() over (
            partition by evidence.cluster_id, evidence.edition_id, evidence.part_code
            order by
                stated.precedence nulls last,
                evidence.known_on nulls first,
                evidence.evidence_kind = 'best practice case',
                evidence.evidence_row_id,
                evidence.basis,
                evidence.value_code
        ) as place
    from {{ ref('int_internationalisation_evidence') }} as evidence
    left join {{ ref('internationalisation_value') }} as stated
        on evidence.part_code = stated.part_code
        and evidence.value_code = stated.value_code
    window one_part as (partition by evidence.cluster_id, evidence.edition_id, evidence.part_code)
),

answer as (
    select
        cluster_id,
        edition_id,
        part_code,
        {{ dbt.listagg('distinct case when precedence = best_precedence then value_code end', "'; '",
            'order by case when precedence = best_precedence then value_code end') }} as value_code,
        cast(count(precedence) as integer) as n_evidence,
        coalesce(bool_or(is_positive), false) and coalesce(bool_or(not is_positive), false) as is_disputed,
        max(case when place = 1 then evidence_kind end) as evidence_kind,
        max(case when place = 1 then since_date end) as since_date,
        -- over once all that shows it is over
        case
            when count(case when precedence = best_precedence then 1 end)
                = count(case when precedence = best_precedence then until_date end)
                then max(case when precedence = best_precedence then until_date end)
        end as until_date,
        max(case when place = 1 then evidence_row_id end) as evidence_row_id,
        max(case when place = 1 then evidence_address end) as evidence_address,
        max(case when place = 1 then basis end) as basis,
        bool_or(is_synthetic) as is_synthetic
    from weighed
    group by cluster_id, edition_id, part_code
)

select
    listing.cluster_id,
    listing.edition_id,
    listing.reference_date,
    listing.row_id,
    listing.level_printed,
    listing.level_code,
    part.part_code,
    part.label as part_label,
    part.display_order,
    coalesce(answer.value_code, 'unknown') as value_code,
    answer.since_date,
    -- an end after the day of the list is a plan
    case when answer.until_date <= listing.reference_date then answer.until_date end as until_date,
    case when answer.value_code is null then 'none' else answer.evidence_kind end as evidence_kind,
    case when answer.value_code is not null then answer.evidence_row_id end as evidence_row_id,
    case when answer.value_code is not null then answer.evidence_address end as evidence_address,
    coalesce(answer.basis, 'the list has no column for it')
    || case
        when answer.value_code is null and part.other_source is not null
            then '; no ' || part.other_source || ' at hand says so by that day'
        else ''
    end as basis,
    coalesce(answer.n_evidence, 0) as n_evidence,
    coalesce(answer.is_disputed, false) as is_disputed,
    listing.is_synthetic or coalesce(answer.is_synthetic, false) as is_synthetic
from listing
cross join part
left join answer
    on listing.cluster_id = answer.cluster_id
    and listing.edition_id = answer.edition_id
    and part.part_code = answer.part_code
