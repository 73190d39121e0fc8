-- Three letters for the register, a hyphen, and a running number: nothing that a name or a position could leak into.
select
    cluster_id,
    'The id ' || coalesce(cluster_id, '(empty)') || ' in ' || register_file
    || ' is not three capital letters, a hyphen and at least four digits. Take the next free number.' as problem
from {{ ref('stg_registry__cluster') }}
where cluster_id is null or nullif(regexp_extract(cluster_id, '^([A-Z]{3}-[0-9]{4,})$', 1), '') is null
