-- Since when a cluster is known to take part in a programme, and since when it may have.
select
    cluster_id,
    programme_code,
    min(known_on) as first_known_on,
    -- a participation whose start is not known may have begun before any day
    min(coalesce(since_date, date '0001-01-01')) as first_possible_on
from {{ ref('int_programme_participant') }}
group by cluster_id, programme_code
