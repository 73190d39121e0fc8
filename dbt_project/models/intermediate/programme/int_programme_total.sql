with

stated as (
    {{ with_citation(ref('stg_published_figures__programme_total')) }}
),

final as (
    select
        *,
        {{ is_newest('programme_code, metric, period_printed, cited_source, value_printed') }} as is_current
    from stated
)

select * from final
