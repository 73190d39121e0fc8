with

landed as (
    {{ landed_rows('survey__survey') }}
),

final as (
    select
        row_id,
        source_id,
        family,
        edition,
        {{ edition_id() }} as edition_id,
        is_synthetic,
        entry_key,
        {{ corrected('entry_no') }} as survey_code,
        {{ corrected('title') }} as title,
        {{ corrected('owner') }} as owner,
        {{ corrected('population') }} as population_printed,
        {{ corrected('fieldwork_start') }} as fieldwork_start_printed,
        {{ corrected('fieldwork_end') }} as fieldwork_end_printed,
        try_cast({{ corrected('invited') }} as integer) as n_invited,
        try_cast({{ corrected('responses') }} as integer) as n_responses,
        try_cast({{ corrected('response_rate_printed') }} as double) as response_rate_percent_printed,
        {{ corrected('response_rate_comparator') }} as comparator_code,
        {{ corrected('mode') }} as mode_printed,
        {{ corrected('microdata_public') }} as microdata_public_printed,
        {{ corrected('survey_licence') }} as licence_printed,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
