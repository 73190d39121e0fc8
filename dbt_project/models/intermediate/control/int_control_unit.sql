-- Rows of ours that a control may count, with the attributes it may count them by. Synthetic rows confirm nothing.
with

participation as (
    select
        'participation' as unit_kind,
        row_id as unit_id,
        programme_code,
        edition_id,
        fiscal_year,
        stage_code,
        area_group,
        partner_country_code as country_code,
        is_partner_in_eu,
        sector,
        cast(null as {{ dbt.type_string() }}) as partnership_kind,
        cast(null as {{ dbt.type_string() }}) as claim,
        cited_source,
        is_synthetic
    from {{ ref('int_programme_participation') }}
),

partnership as (
    select
        'partnership' as unit_kind,
        partnership.row_id as unit_id,
        partnership.programme_code,
        partnership.edition_id,
        cast(null as integer) as fiscal_year,
        cast(null as {{ dbt.type_string() }}) as stage_code,
        area.area_group,
        partnership.partner_country_code as country_code,
        area.is_in_eu as is_partner_in_eu,
        partnership.sector_printed as sector,
        partnership.partnership_kind_printed as partnership_kind,
        cast(null as {{ dbt.type_string() }}) as claim,
        partnership.cited_source,
        partnership.is_synthetic
    from {{ ref('int_partnership') }} as partnership
    left join {{ ref('int_country_area') }} as area
        on partnership.partner_country_code = area.country_code
        and partnership.reference_date between area.valid_from and area.valid_to
),

target as (
    select
        'target' as unit_kind,
        partnership_code as unit_id,
        programme_code,
        partnership_edition_id as edition_id,
        cast(null as integer) as fiscal_year,
        cast(null as {{ dbt.type_string() }}) as stage_code,
        cast(null as {{ dbt.type_string() }}) as area_group,
        country_code,
        cast(null as boolean) as is_partner_in_eu,
        cast(null as {{ dbt.type_string() }}) as sector,
        cast(null as {{ dbt.type_string() }}) as partnership_kind,
        claim,
        cited_source,
        is_synthetic
    from {{ ref('int_partnership_target') }}
),

-- The organisations on the two sides of a partnership that the register knows as managed clusters.
party as (
    select
        'cluster_organisation_eu' as unit_kind,
        cluster_id_eu as cluster_id,
        programme_code,
        edition_id,
        partner_country_code,
        sector_printed,
        partnership_kind_printed,
        cited_source,
        is_synthetic
    from {{ ref('int_partnership') }}
    union all
    select
        'cluster_organisation_jp' as unit_kind,
        cluster_id_jp as cluster_id,
        programme_code,
        edition_id,
        partner_country_code,
        sector_printed,
        partnership_kind_printed,
        cited_source,
        is_synthetic
    from {{ ref('int_partnership') }}
),

organisation as (
    select
        party.unit_kind,
        party.cluster_id as unit_id,
        party.programme_code,
        party.edition_id,
        cast(null as integer) as fiscal_year,
        cast(null as {{ dbt.type_string() }}) as stage_code,
        cast(null as {{ dbt.type_string() }}) as area_group,
        party.partner_country_code as country_code,
        cast(null as boolean) as is_partner_in_eu,
        party.sector_printed as sector,
        party.partnership_kind_printed as partnership_kind,
        cast(null as {{ dbt.type_string() }}) as claim,
        party.cited_source,
        party.is_synthetic
    from party
    inner join {{ ref('stg_registry__cluster') }} as cluster
        on party.cluster_id = cluster.cluster_id
        and cluster.unit_kind = 'cluster_organisation'
),

unit as (
    select * from participation
    union all
    select * from partnership
    union all
    select * from target
    union all
    select * from organisation
)

select * from unit
where not is_synthetic
