with

landed as (
    {{ landed_rows('reference_list__nuts_region') }}
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
        {{ corrected('code') }} as region_code,
        try_cast({{ corrected('level') }} as integer) as nuts_level,
        {{ corrected('country') }} as country_code,
        {{ corrected('name') }} as name,
        {{ corrected('name_printed') }} as name_printed,
        coalesce({{ corrected('nuts_version') }}, edition) as nuts_version,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
