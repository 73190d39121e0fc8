-- Presence on the day of an edition and the outcome up to it are two readings of the same rows and events. Compared for
-- the pair that starts at the last listing before the edition: in an older pair a death may be followed by a birth.
with survival as (
    select
        outcome.*,
        row_number() over (
            partition by outcome.cluster_id, outcome.to_edition_id order by outcome.from_date desc
        ) as listing_rank
    from {{ ref('int_survival_outcome') }} as outcome
    where outcome.is_at_risk
),

-- A death, a return after more than two years, and no listing since: whether it still is active is not known.
reborn as (
    select distinct
        survival.cluster_id,
        survival.to_edition_id
    from survival
    inner join {{ ref('int_cluster_exit') }} as ending on survival.cluster_id = ending.cluster_id
    where ending.is_strong
        and ending.outcome_code = 'died'
        and ending.date_latest > survival.from_date
        and ending.returned_on <= survival.to_date
),

compared as (
    select
        survival.cluster_id,
        survival.from_edition_id,
        survival.to_edition_id,
        survival.outcome_code,
        presence.presence_status,
        case
            when presence.presence_status = 'listed'
                then survival.outcome_code in ('survived_unchanged', 'survived_changed', 'died')
            when survival.outcome_code in ('survived_unchanged', 'survived_changed')
                then presence.presence_status = 'not_listed_active'
            when survival.outcome_code = 'died' and reborn.cluster_id is not null
                then presence.presence_status in ('not_listed_unknown', 'not_listed_active', 'not_listed_ceased')
            when survival.outcome_code in ('survived_by_takeover', 'merged', 'absorbed', 'broken_up', 'died')
                then presence.presence_status = 'not_listed_ceased'
            when survival.outcome_code = 'out_of_scope' then presence.presence_status = 'out_of_scope'
            else presence.presence_status = 'not_listed_unknown'
        end as is_agreed
    from survival
    left join {{ ref('fct_cluster_presence') }} as presence
        on survival.cluster_id = presence.cluster_id and survival.to_edition_id = presence.edition_id
    left join reborn
        on survival.cluster_id = reborn.cluster_id and survival.to_edition_id = reborn.to_edition_id
    where survival.listing_rank = 1
)

select
    cluster_id,
    'The cluster ' || cluster_id || ', last listed in ' || from_edition_id || ', has the outcome ' || outcome_code
    || ' up to ' || to_edition_id || ' but the presence status ' || coalesce(presence_status, 'empty')
    || ' there. Both must follow from the same events: look at the events of the cluster in events.csv.' as problem
from compared
where is_agreed is not true
