with

landed as (
    {{ landed_rows('reference_list__name_variant') }}
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
        {{ corrected('entity_kind') }} as entity_kind,
        {{ corrected('name') }} as name_standard,
        {{ corrected('variant') }} as name_variant,
        {{ corrected('variant_kind') }} as variant_kind,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
