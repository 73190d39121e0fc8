-- Who takes part in which programme, row by row: the rosters, the member lists, and the partnerships that name a
-- programme. `known_on` is the first day on which the row certainly holds; `runs_to` is the last day it speaks of.
with placement as (
    select * from {{ ref('int_mention_placement') }}
    where cluster_id is not null
),

period as (
    select
        *,
        case from_precision
            when 'day' then from_date
            when 'month' then last_day(from_date)
            when 'year' then cast(from_date + interval '1' year - interval '1' day as date)
            else greatest(from_date, reference_date)
        end as known_on
    from {{ ref('int_programme_period') }}
),

roster as (
    select
        participation.row_id,
        participation.entry_no,
        participation.edition,
        participation.programme_code,
        participation.partner_country_code,
        participation.source_address,
        coalesce(period.known_on, participation.reference_date) as known_on,
        case when period.status_code = 'renewed' or period.from_precision = 'phase' then null else period.from_date end
            as since_date,
        case when period.to_precision in ('day', 'month', 'year', 'duration') then period.to_date end as until_date,
        case when period.to_precision = 'phase' then null else period.to_date end as runs_to
    from {{ ref('int_programme_participation') }} as participation
    left join period on participation.row_id = period.row_id
),

-- A member takes part in the programme whose roster lists its partnership, and from the start that this roster prints
-- if it is the roster of the same edition.
member as (
    select
        member.row_id,
        roster.programme_code,
        member.source_address,
        max(greatest(
            member.reference_date, case when member.edition = roster.edition then roster.known_on end
        )) as known_on
    from ({{ with_citation(ref('stg_partnership_list__member')) }}) as member
    inner join roster on member.partnership_code = roster.entry_no
    group by member.row_id, roster.programme_code, member.source_address
),

-- When a partnership began is not when the programme supported it, so the day of the list counts.
partnership as (
    select
        row_id,
        programme_code,
        reference_date as known_on,
        source_address
    from {{ ref('int_partnership') }}
    where programme_code is not null and partnership_type = 'pair'
),

named as (
    select row_id, programme_code, known_on, since_date, until_date, runs_to, partner_country_code, source_address
    from roster
    union all
    select row_id, programme_code, known_on, null, null, null, null, source_address from member
    union all
    select row_id, programme_code, known_on, null, null, null, null, source_address from partnership
)

select
    placement.cluster_id,
    named.programme_code,
    placement.role,
    placement.edition_id,
    named.row_id,
    named.known_on,
    named.since_date,
    named.until_date,
    named.runs_to,
    -- the country abroad is that of the partner only for those who stand on the other side of it
    case when placement.role in ('entry', 'lead') then named.partner_country_code end as foreign_country_code,
    coalesce(named.source_address, edition.page_address) as evidence_address,
    placement.is_synthetic
from placement
inner join named on placement.row_id = named.row_id
inner join {{ ref('int_edition') }} as edition on placement.edition_id = edition.edition_id
