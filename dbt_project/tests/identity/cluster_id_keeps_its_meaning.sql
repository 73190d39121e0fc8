-- A label may be put right, and so may a kind or a country; a row of which more is new stands for something else.
with pair as (
    select
        cluster.*,
        published.release_id,
        concat_ws(', ', published.label, published.unit_kind, published.country_code) as meaning_before,
        concat_ws(', ', cluster.label, cluster.unit_kind, cluster.country_code) as meaning_now,
        published.minted_on as minted_before,
        published.is_synthetic as is_synthetic_before,
        cast(published.label is distinct from cluster.label as integer)
        + cast(published.unit_kind is distinct from cluster.unit_kind as integer)
        + cast(published.country_code is distinct from cluster.country_code as integer) as n_changed
    from {{ ref('stg_release__cluster') }} as published
    inner join {{ ref('stg_registry__cluster') }} as cluster on published.cluster_id = cluster.cluster_id
),

checked as (
    select
        *,
        case
            when n_changed > 1 then
                {{ register_fault(
                    "'the id was given to something else'", "meaning_now",
                    "meaning_before || ', as in release ' || release_id",
                    "'put the old row back and give the new cluster the next free number'"
                ) }}
            when is_synthetic <> is_synthetic_before then
                {{ register_fault(
                    "'is_synthetic was changed'", "cast(is_synthetic as varchar)",
                    "cast(is_synthetic_before as varchar) || ', as in release ' || release_id",
                    "'put the old value back; a real cluster gets an id of its own'"
                ) }}
            when minted_on <> minted_before then
                {{ register_fault(
                    "'the day on which the id was given was changed'", "cast(minted_on as varchar)",
                    "cast(minted_before as varchar) || ', as in release ' || release_id",
                    "'put the old day back; an id that is given anew is the next free number'"
                ) }}
        end as fault
    from pair
)

select
    register_file,
    line_number,
    'cluster ' || cluster_id || ': ' || fault.problem as problem,
    fault.remedy as remedy
from checked
where fault is not null
