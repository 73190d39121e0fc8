select * from {{ ref('stg_survey__question') }}
