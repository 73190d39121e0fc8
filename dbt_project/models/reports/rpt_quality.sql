with

row_measure as (
    select
        *,
        cast(null as {{ dbt.type_string() }}) as detail
    from {{ ref('int_row_quality') }}
),

mention as (
    select
        'unresolved_' || role as measure_code,
        edition_id as subject,
        'mentions in this role without a decision' as description,
        count(*) filter (where verdict is null) as n,
        count(*) as base_n,
        cast(null as {{ dbt.type_string() }}) as detail
    from {{ ref('fct_mention') }}
    group by role, edition_id
),

dormant as (
    select
        'dormant_decision' as measure_code,
        edition_id as subject,
        'decisions about mentions that no active source holds' as description,
        count(*) as n,
        cast(null as bigint) as base_n,
        {{ dbt.listagg('mention_key', "'; '", 'order by mention_key') }} as detail
    from {{ ref('int_dormant_decision') }}
    where is_live
    group by edition_id
),

conflict as (
    select
        'conflict_' || contradiction.severity as measure_code,
        support.supported_claim as subject,
        'contradictions of this severity by the claim that is supported' as description,
        count(*) as n,
        sum(count(*)) over (partition by contradiction.severity) as base_n,
        {{ dbt.listagg('support.conflict_code', "' '", 'order by support.conflict_code') }} as detail
    from {{ ref('int_conflict_support') }} as support
    inner join {{ ref('fct_source_contradiction') }} as contradiction
        on support.conflict_code = contradiction.conflict_code
        and contradiction.is_current
    group by contradiction.severity, support.supported_claim
),

checked as (
    select
        'figure_check' as measure_code,
        status as subject,
        'listed figure checks with this status' as description,
        count(*) as n,
        sum(count(*)) over () as base_n,
        {{ dbt.listagg('check_code', "' '", 'order by check_code') }} as detail
    from {{ ref('int_control_result') }}
    group by status
),

known_gap as (
    select
        'known_gap' as measure_code,
        edition_id as subject,
        'gaps that the card of the edition states' as description,
        cast((length(known_gaps) - length(replace(known_gaps, ' | ', ''))) / 3 as bigint) + 1 as n,
        cast(null as bigint) as base_n,
        known_gaps as detail
    from {{ ref('dim_source') }}
    where known_gaps <> ''
),

measure as (
    select * from row_measure
    union all
    select * from mention
    union all
    select * from dormant
    union all
    select * from conflict
    union all
    select * from checked
    union all
    select * from known_gap
)

select
    measure_code,
    subject,
    description,
    cast(n as integer) as n,
    cast(base_n as integer) as base_n,
    case when base_n > 0 then cast(n as double) / base_n end as share,
    detail
from measure
