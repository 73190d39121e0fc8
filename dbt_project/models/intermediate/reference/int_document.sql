with

document as (
    select * from {{ ref('stg_reference_list__document') }}
),

catalog as (
    select
        source_id,
        reference_date
    from {{ ref('stg_catalog__source') }}
),

dated as (
    select
        document.*,
        catalog.reference_date
    from document
    left join catalog on document.source_id = catalog.source_id
),

final as (
    select
        *,
        {{ is_newest('document_code') }} as is_current
    from dated
)

select * from final
