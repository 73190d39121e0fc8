-- What is known about a cluster, the newest printed statement first; entries of a list say more than other mentions.
with mention as (
    select
        placement.*,
        edition.reference_date,
        case when placement.role = 'entry' then '1' else '0' end
        || cast(edition.reference_date as {{ dbt.type_string() }}) || placement.mention_key as recency,
        {{ script_code('placement.name_printed') }} as name_script
    from {{ ref('int_mention_placement') }} as placement
    inner join {{ ref('int_edition') }} as edition on placement.edition_id = edition.edition_id
    where placement.cluster_id is not null
),

listing as (
    select
        *,
        cast(reference_date as {{ dbt.type_string() }}) || edition_id as recency
    from {{ ref('int_listing') }}
),

region as (
    select region_code from {{ ref('int_region') }}
    where is_current
),

named as (
    select
        mention.cluster_id,
        max_by(mention.name_printed, mention.recency) as name_current,
        max_by(
            coalesce(mention.name_en_printed, case when mention.name_script = 'Latn' then mention.name_printed end),
            mention.recency
        ) filter (where mention.name_en_printed is not null or mention.name_script = 'Latn') as name_en,
        max_by(
            coalesce(mention.name_ja_printed, case when mention.name_script = 'Jpan' then mention.name_printed end),
            mention.recency
        ) filter (where mention.name_ja_printed is not null or mention.name_script = 'Jpan') as name_ja,
        max_by(region.region_code, mention.recency) filter (where region.region_code is not null) as region_code
    from mention
    left join region on mention.region_printed = region.region_code
    group by mention.cluster_id
),

listed as (
    select
        cluster_id,
        max_by(prefecture_code, recency) filter (where prefecture_code is not null) as prefecture_code,
        max_by(sector_code, recency) filter (where sector_code is not null) as sector_code,
        max_by(founded_year, recency) filter (where founded_year is not null) as founded_year,
        max_by(funding_end_year, recency) filter (where funding_end_year is not null) as funding_end_year,
        min_by(edition_id, recency) filter (where is_listed) as first_edition_id,
        max_by(edition_id, recency) filter (where is_listed) as last_edition_id,
        count(*) filter (where is_listed) as n_editions
    from listing
    group by cluster_id
)

select
    cluster.cluster_id,
    cluster.label,
    coalesce(named.name_current, cluster.label) as name_current,
    coalesce(named.name_en, case when {{ script_code('cluster.label') }} = 'Latn' then cluster.label end) as name_en,
    coalesce(named.name_ja, case when {{ script_code('cluster.label') }} = 'Jpan' then cluster.label end) as name_ja,
    cluster.unit_kind,
    cluster.country_code,
    coalesce(listed.prefecture_code, named.region_code) as region_code,
    listed.sector_code,
    listed.founded_year,
    listed.funding_end_year,
    listed.first_edition_id,
    listed.last_edition_id,
    coalesce(listed.n_editions, 0) as n_editions,
    cluster.minted_on,
    cluster.note,
    cluster.register_file,
    cluster.line_number,
    cluster.is_synthetic
from {{ ref('stg_registry__cluster') }} as cluster
left join named on cluster.cluster_id = named.cluster_id
left join listed on cluster.cluster_id = listed.cluster_id
