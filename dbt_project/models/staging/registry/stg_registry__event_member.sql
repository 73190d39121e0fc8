with side as (
    select event_id, 'before' as side, clusters_before as clusters from {{ ref('stg_registry__event') }}
    union all
    select event_id, 'after' as side, clusters_after as clusters from {{ ref('stg_registry__event') }}
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
