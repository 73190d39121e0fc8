select
    programme_code,
    name_en,
    name_ja,
    owner_name,
    managed_by_name,
    first_year,
    last_year,
    successor_of_printed,
    is_disputed,
    n_claims,
    n_participations,
    n_totals
from {{ ref('int_programme') }}
