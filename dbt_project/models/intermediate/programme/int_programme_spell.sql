-- Participations of a cluster in a programme that follow each other without a gap of a day are one spell.
with

participation as (
    select * from {{ ref('int_programme_period') }}
),

known_year as (
    select distinct family, fiscal_year from participation
    where fiscal_year is not null
),

period as (
    select
        participation.*,
        coalesce(from_date, to_date, reference_date) as seen_from,
        coalesce(to_date, from_date, reference_date) as seen_to,
        -- an end that only the year of the roster gives is an end if the roster of the next year is at hand
        -- the years of a phase bound the participation; they do not say that it filled the phase
        to_date is null
        or to_precision = 'phase'
        or (to_precision = 'fiscal_year' and next_year.fiscal_year is null) as is_end_open
    from participation
    left join known_year as next_year
        on participation.family = next_year.family
        and participation.fiscal_year + 1 = next_year.fiscal_year
    where cluster_id is not null
),

ordered as (
    select
        *,
        row_number() over (
            partition by cluster_id, programme_code, stage_code order by seen_from, seen_to, row_id
        ) as place,
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
            order by place
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
        min_by(from_precision, place) as from_precision,
        case when count(*) = count(to_date) then max_by(to_precision, place) end as to_precision,
        case when bool_and(is_fiscal) then {{ fiscal_year_of('min(from_date)') }} end as from_fiscal_year,
        case when bool_and(is_fiscal) and count(*) = count(to_date)
            then {{ fiscal_year_of('max(to_date)') }}
        end as to_fiscal_year,
        min_by(coalesce(status_code, 'not_stated'), place) as status_code,
        max_by(coalesce(status_code, 'not_stated'), place) as last_status_code,
        cast(count(distinct edition_id) as integer) as n_editions,
        min_by(
            coalesce(status_code, '') = 'renewed' or coalesce(from_precision, 'phase') = 'phase', place
        ) as is_left_open,
        count(*) > count(to_date) or max_by(is_end_open, place) as is_right_open,
        {{ dbt.listagg('distinct edition_id', "'; '", 'order by edition_id') }} as evidence,
        bool_or(is_synthetic) as is_synthetic
    from numbered
    group by cluster_id, programme_code, stage_code, spell_number
)

select * from final
