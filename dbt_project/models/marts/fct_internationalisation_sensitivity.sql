with part as (
    select * from {{ ref('int_internationalisation_part') }}
),

level as (
    select * from {{ ref('int_internationalisation_level') }}
),

rule as (
    select max(method_version) as method_version from {{ ref('internationalisation_rule') }}
),

known as (
    select
        part.cluster_id,
        part.edition_id,
        bool_or(part.value_code <> 'unknown') as has_level
    from part
    inner join level
        on part.cluster_id = level.cluster_id
        and part.edition_id = level.edition_id
        and part.part_code = level.scenario_code
    group by part.cluster_id, part.edition_id
)

select
    part.cluster_id,
    part.edition_id,
    part.part_code,
    part.value_code,
    case when known.has_level then as_known.level end as ordinal_level,
    if_other.level as level_if_other,
    case when known.has_level then if_other.level - as_known.level end as level_change,
    case when known.has_level then if_other.level <> as_known.level end as is_moved,
    rule.method_version,
    part.is_synthetic
from part
inner join level as if_other
    on part.cluster_id = if_other.cluster_id
    and part.edition_id = if_other.edition_id
    and part.part_code = if_other.scenario_code
inner join level as as_known
    on part.cluster_id = as_known.cluster_id
    and part.edition_id = as_known.edition_id
    and as_known.scenario_code = 'as_known'
inner join known
    on part.cluster_id = known.cluster_id
    and part.edition_id = known.edition_id
cross join rule
