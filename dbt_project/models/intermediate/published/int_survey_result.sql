with

stated as (
    {{ with_citation(ref('stg_survey__result')) }}
),

survey as (
    select
        survey_code,
        n_invited,
        n_responses
    from {{ ref('int_survey') }}
    where is_current
),

final as (
    select
        stated.*,
        survey.n_invited as population_n,
        survey.n_responses as responses_n,
        row_number() over (
            partition by stated.survey_code, stated.question, stated.answer
            order by stated.reference_date desc, stated.row_id
        ) = 1 as is_current
    from stated
    left join survey on stated.survey_code = survey.survey_code
)

select * from final
