-- The two sides of each check, computed from their terms; a check may hold several parts, each with two sides.
with

term as (
    select
        term.check_code,
        term.side,
        term.part,
        term.item,
        term.role,
        coalesce(known.label, '?') || ': ' || coalesce({{ number_text('known.value') }}, 'unknown') as term_text,
        {{ number_text('known.value') }} as number_text,
        known.item_code,
        term.role in ('denominator', 'subtrahend', 'last', 'unit_value') as is_second,
        known.value,
        known.value_year,
        known.unit,
        known.is_counted
    from {{ ref('control_term') }} as term
    left join {{ ref('int_control_value') }} as known
        on term.value_kind = known.value_kind
        and term.value_code = known.value_code
    where term.role not in ('set', 'area')
),

item as (
    select
        check_code,
        side,
        part,
        item,
        sum(value) filter (where role = 'term') as n_term,
        sum(value) filter (where role = 'numerator') as numerator,
        sum(value) filter (where role = 'denominator') as denominator,
        sum(value) filter (where role = 'minuend') as minuend,
        sum(value) filter (where role = 'subtrahend') as subtrahend,
        max(value) filter (where role = 'quantity') * max(value) filter (where role = 'unit_value') as product,
        max(value) filter (where role = 'first') as first_value,
        max(value) filter (where role = 'last') as last_value,
        max(value_year) filter (where role = 'last') - max(value_year) filter (where role = 'first') as years,
        bool_or(unit = 'percent') filter (where role = 'minuend') as is_percent,
        coalesce(bool_or(is_counted), false) as is_counted,
        bool_and(value is not null) as is_complete,
        {{ dbt.listagg('term_text', "', '", 'order by is_second, item_code') }} as terms_text,
        {{ dbt.listagg('number_text', "'+'", 'order by is_second, item_code') }} as sum_text
    from term
    group by check_code, side, part, item
),

side as (
    select
        check_code,
        side,
        part,
        case
            when not bool_and(is_complete) then null
            when sum(denominator) is not null then round(100.0 * sum(numerator) / sum(denominator), 1)
            when sum(subtrahend) is not null then round(sum(minuend) - sum(subtrahend), 4)
            when sum(product) is not null then sum(product)
            when sum(last_value) is not null
                then round(100.0 * (power(sum(last_value) / sum(first_value), 1.0 / sum(years)) - 1), 1)
            else sum(n_term)
        end as value,
        case
            when bool_or(is_percent) then round(100.0 * (sum(minuend) - sum(subtrahend)) / sum(subtrahend), 1)
        end as relative_value,
        sum(denominator) is not null or sum(last_value) is not null as is_rate,
        bool_or(is_counted) as is_counted,
        {{ dbt.listagg('terms_text', "', '", 'order by item') }} as terms_text,
        {{ dbt.listagg('sum_text', "'+'", 'order by item') }} as sum_text
    from item
    group by check_code, side, part
)

select
    *,
    case
        when is_rate then cast(cast(value as decimal(18, 1)) as {{ dbt.type_string() }})
        else {{ number_text('value') }}
    end as value_text
from side
