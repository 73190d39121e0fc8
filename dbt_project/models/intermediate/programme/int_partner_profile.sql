-- Where a cluster stands for the partner finder: its region, how lately it was named, and whether it has ceased.
with cluster as (
    select * from {{ ref('int_cluster') }}
),

today as (
    select max(reviewed_on) as as_of from {{ ref('stg_catalog__source') }}
),

mention as (
    select
        placement.cluster_id,
        placement.row_id,
        placement.role,
        edition.edition_id,
        edition.reference_date
    from {{ ref('int_mention_placement') }} as placement
    inner join {{ ref('int_edition') }} as edition on placement.edition_id = edition.edition_id
    where placement.cluster_id is not null
),

named as (
    select
        cluster_id,
        max(reference_date) as last_named_on,
        max_by(edition_id, cast(reference_date as {{ dbt.type_string() }}) || row_id) as last_edition_id,
        max_by(row_id, cast(reference_date as {{ dbt.type_string() }}) || row_id) as last_row_id,
        bool_or(role = 'party_eu') as is_party_eu
    from mention
    group by cluster_id
),

-- A partnership has no seat: it stands in the countries of its European members.
place as (
    select cluster_id, country_code from cluster
    where country_code is not null
    union
    select partnership_cluster_id as cluster_id, country_code from {{ ref('int_partnership_member') }}
    where partnership_cluster_id is not null and country_code is not null and country_code <> 'JP'
    {%- for place in [1, 2, 3, 4] %}
    union
    select
        cluster.cluster_id,
        trim({{ dbt.split_part('partnership.partner_countries_printed', "';'", place) }}) as country_code
    from {{ ref('int_partnership') }} as partnership
    inner join cluster on partnership.cluster_id_eu = cluster.cluster_id
    where partnership.partnership_type = 'pair'
        and cluster.country_code is null
        and length(trim({{ dbt.split_part('partnership.partner_countries_printed', "';'", place) }})) = 2
    {%- endfor %}
),

placed as (
    select
        place.cluster_id,
        bool_or(area.area_group = 'Europe') as is_in_europe,
        {{ dbt.listagg('distinct place.country_code', "'; '", 'order by place.country_code') }} as country_codes
    from place
    cross join today
    left join {{ ref('int_country_area') }} as area
        on place.country_code = area.country_code
        and today.as_of between area.valid_from and area.valid_to
    group by place.cluster_id
),

consortium as (
    select distinct cluster_id from {{ ref('int_partnership') }}
    where partnership_type = 'consortium' and cluster_id is not null
),

-- An exit counts unless the cluster was active again or a list names it later; leaving the scope of a list is no end.
ceased as (
    select
        ending.cluster_id,
        min(ending.date_latest) as ceased_on
    from {{ ref('int_cluster_exit') }} as ending
    left join named on ending.cluster_id = named.cluster_id
    where ending.is_strong
        and ending.outcome_code <> 'out_of_scope'
        and ending.returned_on is null
        and coalesce(named.last_named_on <= ending.date_latest, true)
    group by ending.cluster_id
),

final as (
    select
        cluster.cluster_id,
        cluster.label,
        cluster.unit_kind,
        cluster.is_synthetic,
        placed.country_codes,
        case
            when cluster.country_code = 'JP' then cluster.region_code
            when length(placed.country_codes) = 2 then placed.country_codes
        end as place_code,
        case
            when cluster.country_code = 'JP' then 'JP'
            when placed.is_in_europe then 'EU'
            when cluster.country_code is null and (consortium.cluster_id is not null or named.is_party_eu) then 'EU'
        end as region,
        named.last_named_on,
        named.last_edition_id,
        named.last_row_id,
        ceased.ceased_on is not null as is_ceased,
        ceased.ceased_on,
        today.as_of
    from cluster
    cross join today
    left join named on cluster.cluster_id = named.cluster_id
    left join placed on cluster.cluster_id = placed.cluster_id
    left join consortium on cluster.cluster_id = consortium.cluster_id
    left join ceased on cluster.cluster_id = ceased.cluster_id
)

select * from final
