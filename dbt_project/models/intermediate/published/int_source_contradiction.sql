with

stated as (
    {{ with_citation(ref('stg_published_figures__contradiction')) }}
),

document as (
    select * from {{ ref('int_document') }}
    where is_current
),

final as (
    select
        stated.*,
        document.title as source_title_b,
        coalesce(
            document.address, case when stated.cited_source_b like 'http%' then stated.cited_source_b end
        ) as source_address_b,
        row_number() over (
            partition by stated.conflict_code
            order by stated.reference_date desc, stated.row_id
        ) = 1 as is_current
    from stated
    left join document on stated.cited_source_b = document.document_code
)

select * from final
