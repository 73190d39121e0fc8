-- Participations of a cluster in a programme that follow each other without a gap of a day are one spell.
with

period as (
    select
        *,
        coalesce(from_date, to_date, reference_date) as seen_from,
        coalesce(to_date, from_date, reference_date) as seen_to,
        max(reference_date) over (partition by family) as newest_reference_date
    from {{ ref('int_programme_period') }}
    where cluster_id is not null
),

ordered as (
    select
        *,
        max(seen_to) over (
            partition by cluster_id, programme_code, stage_code
            order by seen_from, seen_to, row_id
            rows between unbounded preceding and 1 preceding
        ) as seen_before_to
    from period
),

numbered as (
    select
        *,
        sum(case when seen_from <= seen_before_to + interval '1' day then 0 else 1 end) over (
            partition by cluster_id, programme_code, stage_code
            order by seen_from, seen_to, row_id
            rows between unbounded preceding and current row
        ) as spell_number
    from ordered
),

final as (
    select
        cluster_id,
        programme_code,
        stage_code,
        cast(spell_number as integer) as spell_number,
        min(from_date) as from_date,
        case when count(*) = count(to_date) then max(to_date) end as to_date,
        min_by(from_precision, seen_from) as from_precision,
        max_by(to_precision, seen_to) as to_precision,
        case when bool_and(is_fiscal) then {{ fiscal_year_of('min(from_date)') }} end as from_fiscal_year,
        case when bool_and(is_fiscal) and count(*) = count(to_date)
            then {{ fiscal_year_of('max(to_date)') }}
        end as to_fiscal_year,
        min_by(coalesce(status_code, 'not_stated'), seen_from) as status_code,
        max_by(coalesce(status_code, 'not_stated'), seen_to) as last_status_code,
        cast(count(distinct edition_id) as integer) as n_editions,
        min_by(coalesce(status_code, ''), seen_from) = 'renewed' or min(from_date) is null as is_left_open,
        count(*) > count(to_date) or max(reference_date) = max(newest_reference_date) as is_right_open,
        {{ dbt.listagg('distinct edition_id', "'; '", 'order by edition_id') }} as evidence,
        bool_or(is_synthetic) as is_synthetic
    from numbered
    group by cluster_id, programme_code, stage_code, spell_number
)

select * from final
