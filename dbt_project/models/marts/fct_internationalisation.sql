-- The level as printed and our level stand side by side and never touch: ours is a function of the parts alone.
with part as (
    select * from {{ ref('int_internationalisation_part') }}
),

level as (
    select * from {{ ref('int_internationalisation_level') }}
),

sensitivity as (
    select * from {{ ref('fct_internationalisation_sensitivity') }}
),

answer as (
    select
        cluster_id,
        edition_id,
        {% for part_code in internationalisation_parts() -%}
        bool_or(case
            when part_code <> '{{ part_code }}' or value_code = 'unknown' then null
            else value_code = 'yes'
        end) as {{ part_code }},
        {% endfor -%}
        max(case when part_code = 'eu_relation' then nullif(value_code, 'unknown') end) as eu_relation_code,
        max(case when part_code = 'target_areas' then nullif(value_code, 'unknown') end) as target_areas,
        max(level_printed) as level_printed,
        max(level_code) as level_code,
        max(row_id) as row_id,
        bool_or(is_synthetic) as is_synthetic
    from part
    group by cluster_id, edition_id
),

-- the parts of the level, and what one of them could change
counted as (
    select
        sensitivity.cluster_id,
        sensitivity.edition_id,
        max(sensitivity.ordinal_level) as ordinal_level,
        max(sensitivity.method_version) as method_version,
        cast(sum(case when sensitivity.value_code = 'yes' then 1 else 0 end) as integer) as n_parts,
        cast(sum(case when sensitivity.value_code <> 'unknown' then 1 else 0 end) as integer) as n_parts_known,
        cast(sum(case when sensitivity.value_code = 'unknown' then 1 else 0 end) as integer) as n_parts_unknown,
        {{ dbt.listagg(
            "case when sensitivity.value_code = 'unknown' then part.part_label end", "', '",
            'order by part.display_order'
        ) }} as unknown_words,
        {{ dbt.listagg(
            "case when sensitivity.value_code = 'no' then part.part_label || ' (' || part.basis || ')' end", "', '",
            'order by part.display_order'
        ) }} as absent_words,
        {{ dbt.listagg(
            "case when sensitivity.level_if_other <> coalesce(sensitivity.ordinal_level, -1) then "
            ~ "part.part_label || ' (' || sensitivity.value_code || '): level ' || sensitivity.level_if_other || ' if '"
            ~ " || case when sensitivity.value_code = 'yes' then 'absent' else 'there' end end",
            "'; '", 'order by part.display_order'
        ) }} as would_change
    from sensitivity
    inner join part
        on sensitivity.cluster_id = part.cluster_id
        and sensitivity.edition_id = part.edition_id
        and sensitivity.part_code = part.part_code
    group by sensitivity.cluster_id, sensitivity.edition_id
)

select
    counted.cluster_id,
    counted.edition_id,
    answer.level_printed,
    answer.level_code,
    {% for part_code in internationalisation_parts() -%}
    answer.{{ part_code }},
    {% endfor -%}
    answer.eu_relation_code,
    answer.target_areas,
    counted.n_parts,
    counted.n_parts_known,
    counted.n_parts_unknown,
    counted.ordinal_level,
    lowest.level as level_lowest,
    highest.level as level_highest,
    case
        when counted.n_parts_known = 0 then 'no level, because no part is known'
        when lowest.words is null then '0, because no part is there: ' || counted.absent_words
        else counted.ordinal_level || ', because: ' || lowest.words
    end || coalesce('. Not known: ' || counted.unknown_words, '') as level_reason,
    counted.would_change,
    counted.method_version,
    answer.row_id,
    answer.is_synthetic
from counted
inner join answer on counted.cluster_id = answer.cluster_id and counted.edition_id = answer.edition_id
inner join level as lowest
    on counted.cluster_id = lowest.cluster_id
    and counted.edition_id = lowest.edition_id
    and lowest.scenario_code = 'as_known'
inner join level as highest
    on counted.cluster_id = highest.cluster_id
    and counted.edition_id = highest.edition_id
    and highest.scenario_code = 'unknown_there'
