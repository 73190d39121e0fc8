with

stated as (
    {{ with_citation(ref('stg_survey__survey')) }}
),

final as (
    select
        *,
        {{ is_newest('survey_code') }} as is_current
    from stated
)

select * from final
