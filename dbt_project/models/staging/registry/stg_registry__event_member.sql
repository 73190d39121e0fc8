with register as (
    select event_id, clusters_before, clusters_after from {{ ref('events') }}
    union all
    select event_id, clusters_before, clusters_after from {{ source('raw', 'registry__event') }}
),

side as (
    select event_id, 'before' as side, clusters_before as clusters from register
    union all
    select event_id, 'after' as side, clusters_after as clusters from register
),

final as (
    select
        event_id,
        side,
        trim(unnest(string_split(clusters, ';'))) as cluster_id
    from side
    where clusters is not null
)

select * from final
where cluster_id <> ''
