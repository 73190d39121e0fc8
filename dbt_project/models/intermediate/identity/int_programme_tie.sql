-- Since when a cluster is known to take part in a programme, from every roster and partnership that names it.
with placement as (
    select * from {{ ref('int_mention_placement') }}
    where cluster_id is not null
),

roster as (
    select
        participant.row_id,
        participant.entry_no,
        alias.programme_code
    from {{ ref('stg_programme_roster__participant') }} as participant
    inner join {{ ref('programme_alias') }} as alias on participant.programme = alias.alias
),

named as (
    select row_id, programme_code from roster
    union all
    select row_id, programme_code from {{ ref('stg_partnership_list__partnership') }}
    where programme_code is not null
    union all
    -- a member takes part in the programme whose roster lists its partnership
    select
        member.row_id,
        roster.programme_code
    from {{ ref('stg_partnership_list__member') }} as member
    inner join roster on member.partnership_code = roster.entry_no
)

select
    placement.cluster_id,
    named.programme_code,
    min(edition.reference_date) as first_known_on
from placement
inner join named on placement.row_id = named.row_id
inner join {{ ref('int_edition') }} as edition on placement.edition_id = edition.edition_id
group by placement.cluster_id, named.programme_code
