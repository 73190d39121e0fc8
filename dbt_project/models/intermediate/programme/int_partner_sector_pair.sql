-- Pairs of a Japanese and a European cluster whose fields agree: the same sector, a sector that the crosswalk relates,
-- or the same printed words. A related sector counts only where no sector is the same.
with stated as (
    select
        sector.*,
        profile.region
    from {{ ref('int_partner_sector') }} as sector
    inner join {{ ref('int_partner_profile') }} as profile on sector.cluster_id = profile.cluster_id
    where profile.region is not null
),

sector as (
    select
        cluster_id,
        region,
        sector_code,
        min(row_id) as row_id
    from stated
    where sector_code is not null
    group by cluster_id, region, sector_code
),

field as (
    select
        cluster_id,
        region,
        field_key,
        min(sector_printed) as sector_printed,
        min(row_id) as row_id
    from stated
    where field_key is not null
    group by cluster_id, region, field_key
),

class as (
    select distinct
        sector.cluster_id,
        sector.region,
        sector.sector_code,
        crosswalk.to_sector_code as class_code,
        target.label as class_label,
        sector.row_id
    from sector
    inner join {{ ref('int_sector_crosswalk') }} as crosswalk
        on sector.sector_code = crosswalk.from_sector_code
        and crosswalk.from_scheme_code = 'EUJAPAN_2016'
        and crosswalk.is_current
    inner join {{ ref('int_sector') }} as target
        on crosswalk.to_scheme_code = target.scheme_code
        and crosswalk.to_sector_code = target.sector_code
        and target.is_current
),

same_sector as (
    select
        party_jp.cluster_id as cluster_id_jp,
        party_eu.cluster_id as cluster_id_eu,
        'sector_same' as rule_code,
        {{ dbt.listagg('distinct party_jp.sector_code', "'; '", 'order by party_jp.sector_code') }} as detail,
        min(party_jp.row_id) as row_id_jp,
        min(party_eu.row_id) as row_id_eu
    from sector as party_jp
    inner join sector as party_eu on party_jp.sector_code = party_eu.sector_code
    where party_jp.region = 'JP' and party_eu.region = 'EU'
    group by party_jp.cluster_id, party_eu.cluster_id
),

related_sector as (
    select
        party_jp.cluster_id as cluster_id_jp,
        party_eu.cluster_id as cluster_id_eu,
        'sector_related' as rule_code,
        min(party_jp.sector_code || ' - ' || party_eu.sector_code || ' (' || party_jp.class_label || ')') as detail,
        min(party_jp.row_id) as row_id_jp,
        min(party_eu.row_id) as row_id_eu
    from class as party_jp
    inner join class as party_eu on party_jp.class_code = party_eu.class_code
    left join same_sector
        on party_jp.cluster_id = same_sector.cluster_id_jp
        and party_eu.cluster_id = same_sector.cluster_id_eu
    where party_jp.region = 'JP' and party_eu.region = 'EU' and same_sector.rule_code is null
    group by party_jp.cluster_id, party_eu.cluster_id
),

same_field as (
    select
        party_jp.cluster_id as cluster_id_jp,
        party_eu.cluster_id as cluster_id_eu,
        'field_same' as rule_code,
        {{ dbt.listagg('distinct party_jp.sector_printed', "'; '", 'order by party_jp.sector_printed') }} as detail,
        min(party_jp.row_id) as row_id_jp,
        min(party_eu.row_id) as row_id_eu
    from field as party_jp
    inner join field as party_eu on party_jp.field_key = party_eu.field_key
    where party_jp.region = 'JP' and party_eu.region = 'EU'
    group by party_jp.cluster_id, party_eu.cluster_id
),

final as (
    select * from same_sector
    union all
    select * from related_sector
    union all
    select * from same_field
)

select * from final
