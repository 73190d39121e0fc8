{{ config(materialized='view') }}

select
    *,
    coalesce(option_state, 'selected') as chosen_state
from {{ ref('stg_survey__option') }}
