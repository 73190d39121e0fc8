with

landed as (
    {{ landed_rows('survey__survey') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('entry_no') }} as survey_code,
        {{ corrected('title') }} as title,
        {{ corrected('owner') }} as owner,
        {{ corrected('population') }} as population_printed,
        {{ corrected('fieldwork_start') }} as fieldwork_start_printed,
        {{ corrected('fieldwork_end') }} as fieldwork_end_printed,
        try_cast({{ corrected_read('invited') }} as integer) as n_invited,
        try_cast({{ corrected_read('responses') }} as integer) as n_responses,
        try_cast({{ corrected_read('response_rate_printed') }} as double) as response_rate_percent_printed,
        {{ corrected('response_rate_comparator') }} as comparator_code,
        {{ corrected('mode') }} as mode_printed,
        {{ corrected('microdata_public') }} as microdata_public_printed,
        {{ corrected('survey_licence') }} as licence_printed,
        {{ row_citation() }}
    from landed
)

select * from final
