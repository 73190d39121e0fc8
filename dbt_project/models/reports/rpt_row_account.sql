-- A row is placed when a published table carries its row_id; the list of those tables is macros/published_row.sql.
with published as (
    {% for table in tables_with_row_id() -%}
    select row_id from {{ ref(table) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

placed as (
    select distinct row_id from published
),

landed as (
    select
        landed.source_id,
        count(*) filter (where landed.is_rejected) as rows_rejected,
        count(*) filter (where not landed.is_rejected and landed.is_unresolved) as rows_unresolved,
        count(*) filter (
            where not landed.is_rejected and not landed.is_unresolved and placed.row_id is not null
        ) as rows_placed
    from {{ ref('int_landed_row') }} as landed
    left join placed on landed.row_id = placed.row_id
    group by landed.source_id
),

reason as (
    select
        source_id,
        {{ dbt.listagg("rejected_reason || ': ' || n", "'; '", "order by rejected_reason") }} as rejected_reasons
    from (
        select
            source_id,
            rejected_reason,
            count(*) as n
        from {{ ref('int_landed_row') }}
        where is_rejected
        group by source_id, rejected_reason
    ) as rejected
    group by source_id
),

-- A row of an export is placed when it is a response; those of persons who asked to be forgotten are rejected.
answered as (
    select
        wave.source_id,
        any_value(wave.n_rows - wave.n_responses) as rows_rejected,
        count(response.response_no) as rows_placed
    from {{ ref('dim_survey_wave') }} as wave
    left join {{ ref('int_survey_response') }} as response on wave.edition_id = response.edition_id
    group by wave.source_id
),

final as (
    select
        source.source_id,
        source.edition_id,
        source.rows_read,
        cast(coalesce(landed.rows_placed, answered.rows_placed, 0) as integer) as rows_placed,
        cast(coalesce(landed.rows_unresolved, 0) as integer) as rows_unresolved,
        cast(coalesce(landed.rows_rejected, answered.rows_rejected, 0) as integer) as rows_rejected,
        case
            when answered.rows_rejected > 0 then 'forgotten at the request of a person: ' || answered.rows_rejected
            else reason.rejected_reasons
        end as rejected_reasons,
        source.is_synthetic
    from {{ ref('int_edition') }} as source
    left join landed on source.source_id = landed.source_id
    left join reason on source.source_id = reason.source_id
    left join answered on source.source_id = answered.source_id
)

select
    *,
    rows_read = rows_placed + rows_unresolved + rows_rejected as is_balanced
from final
