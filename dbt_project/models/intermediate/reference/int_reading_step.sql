select * from {{ ref('stg_catalog__reading_step') }}
