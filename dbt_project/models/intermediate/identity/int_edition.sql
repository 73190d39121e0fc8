select
    *,
    row_number() over (partition by family order by reference_date, edition) as edition_order,
    row_number() over (partition by family order by reference_date desc, edition desc) = 1 as is_newest,
    kind in ('organisation_list', 'programme_roster') as has_entries
from {{ ref('stg_catalog__source') }}
