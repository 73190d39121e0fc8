with

landed as (
    {{ landed_rows('reference_list__name_variant') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('entity_kind') }} as entity_kind,
        {{ corrected('name') }} as name_standard,
        {{ corrected('variant') }} as name_variant,
        {{ corrected('variant_kind') }} as variant_kind,
        {{ row_citation() }}
    from landed
)

select * from final
