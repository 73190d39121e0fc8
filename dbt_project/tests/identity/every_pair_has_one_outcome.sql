with pair as (
    select
        listing.cluster_id,
        listing.edition_id as from_edition_id,
        edition.edition_id as to_edition_id
    from {{ ref('fct_cluster_presence') }} as listing
    inner join {{ ref('dim_edition') }} as from_edition on listing.edition_id = from_edition.edition_id
    inner join {{ ref('dim_edition') }} as edition
        on listing.family = edition.family
        and from_edition.edition_order < edition.edition_order
        and from_edition.is_synthetic = edition.is_synthetic
    where listing.presence_status = 'listed'
),

counted as (
    select
        pair.cluster_id,
        pair.from_edition_id,
        pair.to_edition_id,
        count(survival.outcome_code) as n_outcomes
    from pair
    left join {{ ref('fct_cluster_survival') }} as survival
        on pair.cluster_id = survival.cluster_id
        and pair.from_edition_id = survival.from_edition_id
        and pair.to_edition_id = survival.to_edition_id
        and survival.is_at_risk
    group by pair.cluster_id, pair.from_edition_id, pair.to_edition_id
)

select
    cluster_id,
    'The cluster ' || cluster_id || ', listed in ' || from_edition_id || ', has ' || n_outcomes || ' outcomes for '
    || to_edition_id || ' instead of one.' as problem
from counted
where n_outcomes <> 1
