with name as (
    select * from {{ ref('int_cluster_name') }}
)

select
    cluster_id,
    name,
    name_key,
    language_code,
    script_code,
    name_kind,
    edition_id,
    row_id,
    is_synthetic
from name
