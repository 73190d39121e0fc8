select
    event_id,
    'The event ' || event_id || ' is dated from ' || coalesce(cast(date_earliest as varchar), 'no day') || ' to '
    || coalesce(cast(date_latest as varchar), 'no day')
    || '. Fill both dates in events.csv, the earlier one first.' as problem
from {{ ref('stg_registry__event') }}
where date_earliest is null or date_latest is null or date_earliest > date_latest
