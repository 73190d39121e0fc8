with leaving as (
    select
        family,
        from_edition_id,
        to_edition_id,
        years,
        is_adjacent,
        is_scope_changed,
        unit_kind,
        is_synthetic,
        outcome_code,
        evidence_code,
        is_provisional,
        cast(null as {{ dbt.type_string() }}) as entry_code
    from {{ ref('fct_cluster_survival') }}
    where is_at_risk
),

entering as (
    select
        family,
        from_edition_id,
        to_edition_id,
        years,
        is_adjacent,
        is_scope_changed,
        unit_kind,
        is_synthetic,
        cast(null as {{ dbt.type_string() }}) as outcome_code,
        evidence_code,
        false as is_provisional,
        entry_code
    from {{ ref('fct_cluster_entry') }}
),

both_sides as (
    select * from leaving
    union all
    select * from entering
)

select
    family,
    from_edition_id,
    to_edition_id,
    years,
    is_adjacent,
    is_scope_changed,
    unit_kind,
    cast(count(outcome_code) as integer) as n_at_risk,
    cast(count(*) filter (where outcome_code in ('survived_unchanged', 'survived_changed')) as integer) as n_survived,
    cast(count(*) filter (where outcome_code = 'survived_by_takeover') as integer) as n_survived_by_takeover,
    cast(count(*) filter (where outcome_code = 'died') as integer) as n_deaths,
    cast(count(*) filter (where outcome_code = 'merged') as integer) as n_merged,
    cast(count(*) filter (where outcome_code = 'absorbed') as integer) as n_absorbed,
    cast(count(*) filter (where outcome_code = 'broken_up') as integer) as n_broken_up,
    cast(count(*) filter (where outcome_code = 'out_of_scope') as integer) as n_out_of_scope,
    cast(count(*) filter (where outcome_code = 'unknown') as integer) as n_unknown,
    cast(count(*) filter (
        where outcome_code in ('survived_by_takeover', 'merged', 'absorbed', 'broken_up')
    ) as integer) as n_closures_not_deaths,
    cast(count(*) filter (where outcome_code is not null and evidence_code = 'reactivated') as integer)
        as n_closures_undone,
    cast(count(*) filter (where is_provisional) as integer) as n_provisional,
    cast(count(entry_code) as integer) as n_listed,
    cast(count(*) filter (where entry_code = 'continued') as integer) as n_continued,
    cast(count(*) filter (where entry_code = 'birth') as integer) as n_births,
    cast(count(*) filter (where entry_code = 'birth' and evidence_code = 'returned') as integer) as n_births_by_return,
    cast(count(*) filter (where entry_code = 'by_merger') as integer) as n_by_merger,
    cast(count(*) filter (where entry_code = 'by_take_over') as integer) as n_by_take_over,
    cast(count(*) filter (where entry_code = 'by_break_up') as integer) as n_by_break_up,
    cast(count(*) filter (where entry_code = 'by_split_off') as integer) as n_by_split_off,
    cast(count(*) filter (where entry_code = 'by_joint_venture') as integer) as n_by_joint_venture,
    cast(count(*) filter (where entry_code = 'scope_entry') as integer) as n_scope_entries,
    cast(count(*) filter (where entry_code = 'reactivation') as integer) as n_reactivations,
    cast(count(*) filter (where entry_code = 'relisted') as integer) as n_relisted,
    cast(count(*) filter (where entry_code = 'late_discovery') as integer) as n_late_discoveries,
    cast(count(*) filter (where entry_code = 'unknown') as integer) as n_entries_unknown,
    'demography-1' as method_version,
    is_synthetic
from both_sides
group by family, from_edition_id, to_edition_id, years, is_adjacent, is_scope_changed, unit_kind, is_synthetic
