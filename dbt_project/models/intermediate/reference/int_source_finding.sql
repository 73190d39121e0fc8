select * from {{ ref('stg_catalog__finding') }}
