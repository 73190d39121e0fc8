select
    published.register_file,
    published.line_number,
    'cluster ' || published.cluster_id || ' (' || published.label || '): the id has vanished. Found: release '
    || published.release_id || ' published it from here, and no register file has it now. Expected: every id that was '
    || 'ever published.' as problem,
    case
        when published.register_file like 'dbt_project/%'
            then 'put the row back; an id never disappears, and a cluster that is gone gets an event'
        else
            'put the row back, here or in another clusters.csv; lists, decisions and events may go, an id may not. '
            || 'What is only a trial belongs in an output folder of its own (OBSERVATORY_HOME)'
    end as remedy
from {{ ref('stg_release__cluster') }} as published
left join {{ ref('stg_registry__cluster') }} as cluster on published.cluster_id = cluster.cluster_id
where cluster.cluster_id is null
