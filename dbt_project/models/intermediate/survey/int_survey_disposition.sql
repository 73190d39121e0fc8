select * from {{ ref('stg_survey__disposition') }}
