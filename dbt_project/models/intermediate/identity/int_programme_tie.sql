-- Since when a cluster is known to take part in a programme, from every roster and partnership that names it.
with placement as (
    select * from {{ ref('int_mention_placement') }}
    where cluster_id is not null
),

roster as (
    select
        participant.row_id,
        alias.programme_code
    from {{ ref('stg_programme_roster__participant') }} as participant
    inner join {{ ref('programme_alias') }} as alias on participant.programme = alias.alias
),

named as (
    select * from roster
    union all
    select row_id, programme_code from {{ ref('stg_partnership_list__partnership') }}
    where programme_code is not null
    union all
    -- member lists are those of the ESCP-4i partnerships
    select row_id, 'ESCP4I' as programme_code from {{ ref('stg_partnership_list__member') }}
)

select
    placement.cluster_id,
    named.programme_code,
    min(edition.reference_date) as first_known_on
from placement
inner join named on placement.row_id = named.row_id
inner join {{ ref('int_edition') }} as edition on placement.edition_id = edition.edition_id
group by placement.cluster_id, named.programme_code
