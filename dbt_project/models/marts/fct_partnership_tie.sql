with tie_row as (
    select * from {{ ref('int_partnership_tie_row') }}
    where basis is not null
),

event as (
    select * from {{ ref('fct_partnership_event') }}
),

alias as (
    select * from {{ ref('sector_alias') }}
    where sector_code is not null
),

profile as (
    select * from {{ ref('int_partner_profile') }}
),

tie as (
    select
        tie_row.cluster_id_jp || '/' || tie_row.cluster_id_eu as tie_id,
        tie_row.cluster_id_jp,
        tie_row.cluster_id_eu,
        {{ dbt.listagg('distinct tie_row.programme_code', "'; '", 'order by tie_row.programme_code') }}
            as programme_codes,
        cast(count(distinct tie_row.programme_code) as integer) as n_programmes,
        {{ dbt.listagg('distinct alias.sector_code', "'; '", 'order by alias.sector_code') }} as sector_codes,
        {{ dbt.listagg('distinct tie_row.row_id', "'; '", 'order by tie_row.row_id') }} as evidence_row_ids,
        cast(count(distinct tie_row.row_id) as integer) as n_rows,
        max(tie_row.reference_date) as last_named_on,
        bool_or(tie_row.is_synthetic) as is_synthetic
    from tie_row
    left join alias on lower(tie_row.sector_printed) = lower(alias.field_printed)
    group by tie_row.cluster_id_jp, tie_row.cluster_id_eu
),

dated as (
    select
        tie_id,
        min(date_earliest) as first_known_earliest,
        min(date_latest) as first_known_latest,
        max(date_earliest) as last_known_earliest,
        max(date_latest) as last_known_latest,
        count(distinct case
            when is_interaction then event_kind || '/' || date_earliest || '/' || date_latest
        end) as n_interactions,
        count(distinct case
            when is_renewal then event_kind || '/' || date_earliest || '/' || date_latest
        end) as n_renewals
    from event
    group by tie_id
),

kind as (
    select
        tie_id,
        {{ dbt.listagg('distinct event_kind', "'; '", 'order by event_kind') }} as interaction_kinds
    from event
    where is_interaction
    group by tie_id
),

ending as (
    select
        cluster_id_jp || '/' || cluster_id_eu as tie_id,
        max(end_latest) as end_latest
    from {{ ref('int_partnership') }}
    where partnership_type = 'pair'
    group by cluster_id_jp, cluster_id_eu
),

told as (
    select
        pair.cluster_id_jp || '/' || pair.cluster_id_eu as tie_id,
        linked.case_code,
        criterion.criterion,
        metric.metric,
        metric.value,
        metric.metric || ': ' || metric.value_printed || ' ' || coalesce(metric.unit, '') as words
    from {{ ref('best_practice_tie') }} as linked
    inner join {{ ref('int_partnership') }} as pair
        on linked.partnership_code = pair.partnership_code and pair.partnership_type = 'pair'
    left join {{ ref('int_best_practice_metric') }} as metric
        on linked.case_code = metric.case_code and metric.is_current
    left join {{ ref('best_practice_criterion') }} as criterion on metric.metric = criterion.metric
    where pair.cluster_id_jp is not null and pair.cluster_id_eu is not null
),

stated as (
    select
        tie_id,
        min(case_code) as case_code,
        max(case when metric = 'cooperation length' then value end) as length_years_stated,
        {{ dbt.listagg("case when criterion = 'intensity' then words end", "'; '", 'order by words') }}
            as intensity_stated,
        {{ dbt.listagg("case when criterion = 'results' then words end", "'; '", 'order by words') }}
            as results_stated
    from told
    group by tie_id
)

select
    tie.tie_id,
    tie.cluster_id_jp,
    party_jp.label as label_jp,
    party_jp.place_code as jp_prefecture_code,
    tie.cluster_id_eu,
    party_eu.label as label_eu,
    party_eu.country_codes as partner_country_codes,
    tie.sector_codes,
    tie.programme_codes,
    tie.n_programmes,
    tie.n_rows,
    tie.evidence_row_ids,
    dated.first_known_earliest,
    dated.first_known_latest,
    dated.last_known_earliest,
    dated.last_known_latest,
    tie.last_named_on,
    ending.end_latest is null as is_open_ended,
    stated.case_code,
    stated.length_years_stated,
    case
        when dated.last_known_earliest < dated.first_known_latest then 0
        else cast({{ dbt.datediff('dated.first_known_latest', 'dated.last_known_earliest', 'day') }} / 365.25 as double)
    end as length_years_least,
    cast({{ dbt.datediff('dated.first_known_earliest', 'greatest(dated.last_known_latest, tie.last_named_on)', 'day') }}
        / 365.25 as double) as length_years_most,
    case when dated.tie_id is null then 'no source dates the tie' end as length_reason,
    cast(nullif(dated.n_interactions, 0) as integer) as n_interactions,
    cast(nullif(dated.n_renewals, 0) as integer) as n_renewals,
    kind.interaction_kinds,
    stated.intensity_stated,
    case when coalesce(dated.n_interactions, 0) = 0 then 'no source dates an interaction of the two' end
        as intensity_reason,
    stated.results_stated,
    case
        when stated.case_code is null then 'no best-practice case tells about the tie'
        when stated.results_stated is null then 'the best-practice case states no result as a number'
    end as results_reason,
    'partnership-1' as method_version,
    tie.is_synthetic
from tie
inner join profile as party_jp on tie.cluster_id_jp = party_jp.cluster_id
inner join profile as party_eu on tie.cluster_id_eu = party_eu.cluster_id
left join dated on tie.tie_id = dated.tie_id
left join kind on tie.tie_id = kind.tie_id
left join ending on tie.tie_id = ending.tie_id
left join stated on tie.tie_id = stated.tie_id
