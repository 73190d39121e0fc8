with

stated as (
    {{ with_citation(ref('stg_partnership_list__case')) }}
),

final as (
    select
        *,
        {{ is_newest('case_code') }} as is_current
    from stated
)

select * from final
