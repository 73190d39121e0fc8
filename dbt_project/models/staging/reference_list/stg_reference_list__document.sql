with

landed as (
    {{ landed_rows('reference_list__document') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('document') }} as document_code,
        {{ corrected('title') }} as title,
        {{ corrected('publisher') }} as publisher_name,
        {{ corrected('version') }} as version_printed,
        {{ corrected('published') }} as published_printed,
        {{ corrected('address') }} as address,
        {{ corrected('language') }} as language_printed,
        {{ row_citation() }}
    from landed
)

select * from final
