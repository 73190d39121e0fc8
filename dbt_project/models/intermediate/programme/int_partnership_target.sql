with

stated as (
    {{ with_citation(ref('stg_partnership_list__target')) }}
),

partnership as (
    select
        partnership_code,
        max(cluster_id) as cluster_id,
        max(programme_code) as programme_code,
        max(edition_id) as partnership_edition_id
    from {{ ref('int_partnership') }}
    group by partnership_code
),

final as (
    select
        stated.*,
        partnership.cluster_id,
        partnership.programme_code,
        partnership.partnership_edition_id,
        partnership.partnership_code is not null as is_listed_partnership
    from stated
    left join partnership on stated.partnership_code = partnership.partnership_code
)

select * from final
