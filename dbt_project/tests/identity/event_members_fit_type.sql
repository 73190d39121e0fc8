with shared as (
    select
        before_member.event_id,
        count(distinct before_member.cluster_id) as n_shared
    from {{ ref('stg_registry__event_member') }} as before_member
    inner join {{ ref('stg_registry__event_member') }} as after_member
        on before_member.event_id = after_member.event_id
        and before_member.cluster_id = after_member.cluster_id
    where before_member.side = 'before' and after_member.side = 'after'
    group by before_member.event_id
),

repeated as (
    select
        event_id,
        min(cluster_id || ' ' || side) as twice
    from (
        select event_id, side, cluster_id from {{ ref('stg_registry__event_member') }}
        group by event_id, side, cluster_id, register_file, line_number
        having count(*) > 1
    ) as several
    group by event_id
),

event as (
    select
        event.*,
        event_type.id_rule,
        event.n_before between event_type.n_before_min and coalesce(event_type.n_before_max, event.n_before)
        and event.n_after between event_type.n_after_min and coalesce(event_type.n_after_max, event.n_after)
            as is_counted,
        event_type.n_before_min
        || case
            when event_type.n_before_max is null then ' or more'
            when event_type.n_before_max > event_type.n_before_min then ' to ' || event_type.n_before_max
            else ''
        end || ' before and ' || event_type.n_after_min
        || case
            when event_type.n_after_max is null then ' or more'
            when event_type.n_after_max > event_type.n_after_min then ' to ' || event_type.n_after_max
            else ''
        end || ' after' as members_expected,
        event.n_before || ' before and ' || event.n_after || ' after' as members_found,
        'before ' || coalesce(event.clusters_before, 'none') || ', after ' || coalesce(event.clusters_after, 'none')
            as ids_found,
        coalesce(shared.n_shared, 0) as n_shared,
        repeated.twice
    from {{ ref('int_cluster_event') }} as event
    inner join {{ ref('event_type') }} as event_type on event.event_type = event_type.event_type
    left join shared on event.event_id = shared.event_id
    left join repeated on event.event_id = repeated.event_id
),

checked as (
    select
        *,
        case
            when twice is not null then 'every cluster once on a side'
            when not is_counted then members_expected
            when id_rule = 'same_id' and n_shared <> 1 then 'the same id before and after'
            when id_rule = 'new_id' and n_shared <> 0 then 'no id on both sides'
            when id_rule = 'after_in_before' and n_shared <> n_after then 'every id after also before'
            when id_rule = 'before_in_after' and n_shared <> n_before then 'every id before also after'
            when event_type = 'joint_venture_created' and n_after <> n_before + 1 then 'one cluster more after'
            when event_type = 'joint_venture_ended' and n_after <> n_before - 1 then 'one cluster fewer after'
        end as expected
    from event
)

select
    register_file,
    line_number,
    'event ' || event_id || ': the clusters do not fit the type ' || event_type || '. Found: '
    || case when twice is null and not is_counted then members_found else coalesce(twice || ' twice', ids_found) end
    || '. Expected: ' || expected || '.' as problem,
    'correct clusters_before, clusters_after or event_type' as remedy
from checked
where expected is not null and event_id is not null and not is_repeated
