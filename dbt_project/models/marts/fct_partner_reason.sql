with point as (
    select * from {{ ref('int_partner_point') }}
),

rule as (
    select * from {{ ref('dim_partner_rule') }}
),

-- The newest edition that allows a level.
level as (
    select
        part.cluster_id,
        part.edition_id,
        part.ordinal_level,
        part.row_id,
        row_number() over (
            partition by part.cluster_id order by edition.reference_date desc, part.edition_id
        ) as place
    from {{ ref('fct_internationalisation') }} as part
    inner join {{ ref('dim_edition') }} as edition on part.edition_id = edition.edition_id
    where part.ordinal_level is not null
),

pair as (
    select distinct cluster_id, candidate_cluster_id, is_synthetic from point
),

counted as (
    select cluster_id, candidate_cluster_id, rule_code, 1 as n_times, detail, row_id, is_synthetic from point
    union all
    select
        pair.cluster_id,
        pair.candidate_cluster_id,
        'level' as rule_code,
        level.ordinal_level as n_times,
        level.ordinal_level || ' of 4 (' || level.edition_id || ')' as detail,
        level.row_id,
        pair.is_synthetic
    from pair
    inner join level on pair.candidate_cluster_id = level.cluster_id
    where level.place = 1 and level.ordinal_level > 0
),

scored as (
    select
        counted.*,
        rule.weight * counted.n_times as points,
        replace(rule.sentence_en, '{detail}', coalesce(counted.detail, 'not stated')) as reason_en,
        replace(rule.sentence_ja, '{detail}', coalesce(counted.detail, '記載なし')) as reason_ja
    from counted
    inner join rule on counted.rule_code = rule.rule_code
),

total as (
    select
        cluster_id,
        candidate_cluster_id,
        sum(points) as score
    from scored
    group by cluster_id, candidate_cluster_id
),

-- Where more speaks against a pair than for it, nobody is proposed.
ranked as (
    select
        *,
        row_number() over (partition by cluster_id order by score desc, candidate_cluster_id) as candidate_rank
    from total
    where score > 0
)

select
    scored.cluster_id,
    scored.candidate_cluster_id,
    cast(ranked.candidate_rank as integer) as candidate_rank,
    ranked.score,
    scored.rule_code,
    cast(scored.points as double) as points,
    scored.reason_en,
    scored.reason_ja,
    scored.row_id as evidence_row_id,
    scored.is_synthetic
from scored
inner join ranked
    on scored.cluster_id = ranked.cluster_id
    and scored.candidate_cluster_id = ranked.candidate_cluster_id
where ranked.candidate_rank <= 10
