-- From the first listing to the newest edition of the family; the outcome between them says how it ended. A death ends
-- it even if the cluster returned later. What later rows add about its start is known only of those that lasted.
with presence as (
    select
        presence.*,
        edition.reference_date,
        presence.presence_status = 'listed' as is_listed,
        presence.presence_status in ('listed', 'not_listed_active') as is_alive
    from {{ ref('fct_cluster_presence') }} as presence
    inner join {{ ref('dim_edition') }} as edition on presence.edition_id = edition.edition_id
),

spell as (
    select
        cluster_id,
        family,
        is_synthetic,
        max(reference_date) as observed_until,
        max_by(edition_id, reference_date) as newest_edition_id,
        min_by(edition_id, reference_date) filter (where is_listed) as first_edition_id,
        min(reference_date) filter (where is_listed) as first_listed_on,
        max(reference_date) filter (where is_listed) as last_listed_on,
        max(reference_date) filter (where is_alive) as last_alive_on,
        count(*) filter (where is_listed) as n_editions
    from presence
    group by cluster_id, family, is_synthetic
    having count(*) filter (where is_listed) > 0
),

-- Of whom nothing is known went after the last sign of life and before the first edition after it.
missed as (
    select
        spell.cluster_id,
        spell.family,
        min(presence.reference_date) as missed_on
    from spell
    inner join presence
        on spell.cluster_id = presence.cluster_id and spell.family = presence.family
        and spell.last_alive_on < presence.reference_date
    group by spell.cluster_id, spell.family
),

creation as (
    select
        cluster_id,
        min_by(entry_code, date_earliest) as entry_code,
        min(date_earliest) as date_earliest,
        min_by(date_latest, date_earliest) as date_latest
    from {{ ref('int_cluster_creation') }}
    where is_created
    group by cluster_id
),

programme as (
    select
        spell.cluster_id,
        spell.family,
        {{ dbt.listagg('tie.programme_code', "';'", 'order by tie.programme_code') }} as programme_codes
    from spell
    inner join {{ ref('int_programme_tie') }} as tie
        on spell.cluster_id = tie.cluster_id and spell.first_listed_on >= tie.first_known_on
    group by spell.cluster_id, spell.family
),

-- The end of a new body is counted in the spell of that body, not once more in that of the cluster it carried on.
ended as (
    select
        spell.*,
        missed.missed_on,
        programme.programme_codes,
        cluster.unit_kind,
        first_row.sector_code,
        case when survival.carrier_id is null then coalesce(survival.outcome_code, 'survived_unchanged')
            else 'survived_by_takeover'
        end as exit_code,
        case when survival.carrier_id is null then coalesce(survival.evidence_code, 'listed')
            else 'take_over_by_new_body'
        end as evidence_code,
        case when survival.exit_latest > spell.last_listed_on
            then greatest(survival.exit_earliest, spell.last_listed_on)
            else survival.exit_earliest
        end as exit_earliest,
        survival.exit_latest,
        coalesce(survival.is_provisional and survival.carrier_id is null, false) as is_provisional,
        creation.entry_code as origin_code,
        coalesce(creation.date_earliest, make_date(first_row.founded_year, 1, 1)) as founded_earliest,
        coalesce(creation.date_latest, make_date(first_row.founded_year, 12, 31)) as founded_latest
    from spell
    inner join {{ ref('dim_cluster') }} as cluster on spell.cluster_id = cluster.cluster_id
    left join {{ ref('int_listing') }} as first_row
        on spell.cluster_id = first_row.cluster_id and spell.first_edition_id = first_row.edition_id
    left join {{ ref('fct_cluster_survival') }} as survival
        on spell.cluster_id = survival.cluster_id and spell.first_edition_id = survival.from_edition_id
        and spell.newest_edition_id = survival.to_edition_id
    left join missed on spell.cluster_id = missed.cluster_id and spell.family = missed.family
    left join creation on spell.cluster_id = creation.cluster_id
    left join programme on spell.cluster_id = programme.cluster_id and spell.family = programme.family
),

-- Right-censored where it was last known to be active; whoever carries on what it did has a spell of its own. Founded
-- after the first listing is a contradiction and no founding date.
observed as (
    select
        ended.*,
        code.outcome_group as exit_group,
        code.outcome_group not in ('died', 'restructured') as is_censored,
        case when code.outcome_group in ('died', 'restructured') then exit_latest end as ended_latest,
        case
            when code.outcome_group in ('died', 'restructured') then exit_earliest
            when exit_code in ('unknown', 'survived_by_takeover') then last_alive_on
            when exit_code = 'out_of_scope' then exit_earliest
            else observed_until
        end as followed_until,
        case when exit_code = 'unknown' then missed_on end as missed_by,
        case when founded_earliest <= first_listed_on then founded_earliest end as born_earliest,
        case when founded_earliest <= first_listed_on then least(founded_latest, first_listed_on) end as born_latest
    from ended
    inner join {{ ref('survival_outcome') }} as code on ended.exit_code = code.outcome_code
)

select
    cluster_id,
    family,
    first_edition_id,
    first_listed_on,
    last_listed_on,
    last_alive_on,
    observed_until,
    cast(n_editions as integer) as n_editions,
    origin_code,
    born_earliest as founded_earliest,
    born_latest as founded_latest,
    exit_code,
    exit_group,
    evidence_code,
    is_censored,
    is_provisional,
    followed_until,
    ended_latest,
    missed_by,
    {{ years_between('first_listed_on', 'followed_until') }} as listed_years,
    {{ years_between('first_listed_on', 'ended_latest') }} as listed_years_latest,
    {{ years_between('first_listed_on', 'missed_by') }} as listed_years_missed,
    {{ years_between('born_latest', 'first_listed_on') }} as entry_age_earliest,
    {{ years_between('born_earliest', 'first_listed_on') }} as entry_age_latest,
    sector_code,
    programme_codes,
    unit_kind,
    is_synthetic
from observed
