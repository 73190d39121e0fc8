with

landed as (
    {{ landed_rows('reference_list__prefecture') }}
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
        {{ corrected('iso_code') }} as region_code,
        {{ corrected('code') }} as local_code,
        {{ corrected('name_en') }} as name_en,
        {{ corrected('name_ja') }} as name_ja,
        {{ corrected('name_ja_short') }} as name_ja_short,
        {{ corrected('region_group') }} as region_group,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
