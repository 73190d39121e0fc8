with

participant as (
    {{ with_citation(ref('stg_programme_roster__participant')) }}
),

programme_alias as (
    select * from {{ ref('programme_alias') }}
),

country_alias as (
    select * from {{ ref('country_alias') }}
),

placement as (
    select
        mention_key,
        cluster_id
    from {{ ref('int_mention_placement') }}
    where cluster_id is not null
),

named as (
    select
        participant.*,
        coalesce(
            programme_alias.programme_code,
            upper(replace(replace(coalesce(participant.programme, participant.family), ' ', '_'), '-', '_'))
        ) as programme_code,
        coalesce(country_alias.country_code, participant.partner_country) as partner_country_code,
        cast(nullif(regexp_extract(participant.edition, '^fy([0-9]{4})', 1), '') as integer) as fiscal_year,
        participant.family || '/' || participant.edition as edition_key
    from participant
    left join programme_alias on participant.programme = programme_alias.alias
    left join country_alias on participant.partner_country = country_alias.alias
),

final as (
    select
        named.*,
        entry.cluster_id,
        lead_party.cluster_id as lead_cluster_id,
        partner.cluster_id as partner_cluster_id,
        area.partner_area,
        area.area_group,
        area.is_in_eu as is_partner_in_eu
    from named
    left join placement as entry on named.mention_key = entry.mention_key
    left join placement as lead_party on named.edition_key || '/lead/' || named.entry_key = lead_party.mention_key
    left join placement as partner on named.edition_key || '/partner/' || named.entry_key = partner.mention_key
    left join {{ ref('int_country_area') }} as area
        on named.partner_country_code = area.country_code
        and named.reference_date between area.valid_from and area.valid_to
)

select * from final
