with

stated as (
    {{ with_citation(ref('stg_partnership_list__member')) }}
),

placement as (
    select
        mention_key,
        cluster_id
    from {{ ref('int_mention_placement') }}
    where cluster_id is not null
),

partnership as (
    select
        partnership_code,
        max(cluster_id) as partnership_cluster_id
    from {{ ref('int_partnership') }}
    group by partnership_code
),

final as (
    select
        stated.*,
        placement.cluster_id,
        partnership.partnership_cluster_id,
        partnership.partnership_code is not null as is_listed_partnership
    from stated
    left join placement on stated.mention_key = placement.mention_key
    left join partnership on stated.partnership_code = partnership.partnership_code
)

select * from final
