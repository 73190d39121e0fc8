with

landed as (
    {{ landed_rows('reference_list__document') }}
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
        {{ corrected('document') }} as document_code,
        {{ corrected('title') }} as title,
        {{ corrected('publisher') }} as publisher_name,
        {{ corrected('version') }} as version_printed,
        {{ corrected('published') }} as published_printed,
        {{ corrected('address') }} as address,
        {{ corrected('language') }} as language_printed,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
