-- From when to when a participation ran: dates printed with the row, else the years of the phase that it belongs to,
-- else the fiscal year of the edition.
with

participation as (
    select * from {{ ref('int_programme_participation') }}
),

rule as (
    select * from {{ ref('programme_rule') }}
),

printed as (
    select
        participation.*,
        coalesce(rule.year_basis = 'fiscal_april', false) as is_fiscal,
        case
            when length(participation.start_printed) = 9 then left(participation.start_printed, 4)
            else {{ dated_text('participation.start_printed', 'participation.start_read') }}
        end as start_text,
        case
            when participation.end_printed is null and length(participation.start_printed) = 9
                then right(participation.start_printed, 4)
            else {{ dated_text('participation.end_printed', 'participation.end_read') }}
        end as end_text,
        try_cast(coalesce(participation.duration_months_read, participation.duration_months) as integer) as n_months,
        case when length(participation.period_printed) = 9 then left(participation.period_printed, 4) end
            as phase_start_text,
        case when length(participation.period_printed) = 9 then right(participation.period_printed, 4) end
            as phase_end_text
    from participation
    left join rule on participation.programme_code = rule.programme_code
),

dated as (
    select
        *,
        {{ first_day('start_text', 'is_fiscal') }} as start_date,
        {{ last_day_of('end_text', 'is_fiscal') }} as end_date,
        {{ first_day('phase_start_text', 'is_fiscal') }} as phase_start_date,
        {{ last_day_of('phase_end_text', 'is_fiscal') }} as phase_end_date
    from printed
),

final as (
    select
        row_id,
        cluster_id,
        programme_code,
        family,
        edition_id,
        reference_date,
        status_code,
        stage_code,
        fiscal_year,
        is_fiscal,
        is_synthetic,
        coalesce(start_date, phase_start_date, cast(fiscal_year || '-04-01' as date)) as from_date,
        coalesce(
            end_date,
            cast(start_date + n_months * interval '1' month - interval '1' day as date),
            phase_end_date,
            cast((fiscal_year + 1) || '-03-31' as date)
        ) as to_date,
        case
            when start_date is null and phase_start_date is not null then 'phase'
            when start_date is null and fiscal_year is not null then 'fiscal_year'
            when start_date is null then null
            when length(start_text) = 10 then 'day'
            when length(start_text) = 7 then 'month'
            else 'year'
        end as from_precision,
        case
            when end_date is not null and length(end_text) = 10 then 'day'
            when end_date is not null and length(end_text) = 7 then 'month'
            when end_date is not null then 'year'
            when start_date is not null and n_months is not null then 'duration'
            when phase_end_date is not null then 'phase'
            when fiscal_year is not null then 'fiscal_year'
        end as to_precision
    from dated
)

select * from final
