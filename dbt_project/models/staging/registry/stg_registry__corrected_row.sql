select
    family,
    edition,
    entry_key,
    map(list(column_name order by column_name), list(coalesce(corrected_value, '') order by column_name)) as new_values
from {{ ref('stg_registry__correction') }}
where is_live
group by family, edition, entry_key
