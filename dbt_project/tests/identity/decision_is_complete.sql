with decision as (
    select * from {{ ref('stg_registry__decision') }}
),

checked as (
    select
        *,
        case
            when verdict is null or verdict not in ('same', 'different', 'unsure', 'not_a_cluster', 'not_identified')
                then 'the verdict is ' || coalesce(verdict, 'empty')
                    || '; use same, different, unsure, not_a_cluster or not_identified'
            when verdict in ('not_a_cluster', 'not_identified') and cluster_id is not null
                then verdict || ' names ' || cluster_id || '; leave cluster_id empty'
            when verdict not in ('not_a_cluster', 'not_identified') and cluster_id is null
                then 'cluster_id is empty; name the cluster'
            when reason is null or decided_by is null or decided_on is null
                then 'reason, decided_by or decided_on is empty; fill all three'
            when withdrawn_on is not null and withdrawn_reason is null
                then 'it is withdrawn without a reason; fill withdrawn_reason'
            when withdrawn_on is null and withdrawn_reason is not null
                then 'it has a withdrawn_reason but no withdrawn_on; fill both or none'
            when withdrawn_on < decided_on then 'it was withdrawn before it was decided; correct the dates'
        end as fault
    from decision
)

select
    mention_key,
    'The decision on ' || coalesce(mention_key, '(no mention key)') || ' of '
    || coalesce(cast(decided_on as {{ dbt.type_string() }}), 'no date') || ' in ' || register_file || ' is not valid: '
    || fault || '.' as problem
from checked
where fault is not null
