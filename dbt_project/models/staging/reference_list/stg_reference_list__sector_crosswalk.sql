with

landed as (
    {{ landed_rows('reference_list__sector_crosswalk') }}
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
        {{ corrected('from_scheme') }} as from_scheme_code,
        {{ corrected('from_code') }} as from_sector_code,
        {{ corrected('to_scheme') }} as to_scheme_code,
        {{ corrected('to_code') }} as to_sector_code,
        {{ corrected('match') }} as match_kind,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
