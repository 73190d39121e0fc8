with

stated as (
    {{ with_citation(ref('stg_reference_list__name_variant')) }}
),

final as (
    select
        *,
        {{ is_newest('entity_kind, name_standard, name_variant, cited_source') }} as is_current
    from stated
)

select * from final
