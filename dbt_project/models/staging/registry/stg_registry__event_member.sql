with side as (
    select event_id, register_file, line_number, 'before' as side, clusters_before as clusters
    from {{ source('raw', 'registry__event') }}
    union all
    select event_id, register_file, line_number, 'after' as side, clusters_after as clusters
    from {{ source('raw', 'registry__event') }}
),

final as (
    select
        event_id,
        side,
        trim(unnest(string_split(clusters, ';'))) as cluster_id,
        register_file,
        line_number
    from side
    where clusters is not null
)

select * from final
where cluster_id <> ''
