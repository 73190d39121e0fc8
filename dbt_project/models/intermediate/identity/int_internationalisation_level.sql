-- The level by the rule of the code list, in every scenario that the published tables speak of: as the parts are known
-- (a part that is not known counts as absent), with every unknown part there, and with one part different each time.
with part as (
    select
        cluster_id,
        edition_id,
        part_code,
        part_label,
        display_order,
        value_code,
        basis
    from {{ ref('int_internationalisation_part') }}
    where part_code in (select part_code from {{ ref('internationalisation_rule') }})
),

rule as (
    select * from {{ ref('internationalisation_rule') }}
),

scenario as (
    select
        'as_known' as scenario_code,
        part.*,
        value_code = 'yes' as is_there
    from part
    union all
    select
        'unknown_there' as scenario_code,
        part.*,
        value_code in ('yes', 'unknown') as is_there
    from part
    union all
    select
        other.part_code as scenario_code,
        part.*,
        case
            when part.part_code = other.part_code then part.value_code <> 'yes'
            else part.value_code = 'yes'
        end as is_there
    from part
    inner join part as other
        on part.cluster_id = other.cluster_id
        and part.edition_id = other.edition_id
),

-- an alternative holds when all of its parts are there
alternative as (
    select
        scenario.cluster_id,
        scenario.edition_id,
        scenario.scenario_code,
        rule.level,
        rule.alternative,
        {{ dbt.listagg("scenario.part_label || ' (' || scenario.basis || ')'", "' and '",
            'order by scenario.display_order') }} as words,
        min(scenario.display_order) as display_order
    from scenario
    inner join rule on scenario.part_code = rule.part_code
    group by scenario.cluster_id, scenario.edition_id, scenario.scenario_code, rule.level, rule.alternative
    having bool_and(scenario.is_there)
),

highest as (
    select *
    from alternative
    qualify level = max(level) over (partition by cluster_id, edition_id, scenario_code)
),

reached as (
    select
        cluster_id,
        edition_id,
        scenario_code,
        max(level) as level,
        {{ dbt.listagg('words', "'; also '", 'order by display_order') }} as words
    from highest
    group by cluster_id, edition_id, scenario_code
)

select
    scenario.cluster_id,
    scenario.edition_id,
    scenario.scenario_code,
    cast(coalesce(max(reached.level), 0) as integer) as level,
    max(reached.words) as words
from scenario
left join reached
    on scenario.cluster_id = reached.cluster_id
    and scenario.edition_id = reached.edition_id
    and scenario.scenario_code = reached.scenario_code
group by scenario.cluster_id, scenario.edition_id, scenario.scenario_code
