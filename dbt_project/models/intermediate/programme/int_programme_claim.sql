with

stated as (
    {{ with_citation(ref('stg_reference_list__programme')) }}
),

final as (
    select
        *,
        {{ is_newest('programme_code, cited_source') }} as is_current
    from stated
)

select * from final
