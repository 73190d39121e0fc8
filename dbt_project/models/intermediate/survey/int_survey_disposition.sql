{{ config(materialized='view') }}

select * from {{ ref('stg_survey__disposition') }}
