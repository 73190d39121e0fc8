{#- First and last day of a date: YYYY, YYYY-MM, YYYY-MM-DD, or an interval as ingest reads it, such as
    2013-04-01/2014-03-31. A bare year of a programme that counts in Japanese fiscal years runs from April to March.
    Anything else has no day. -#}

{% macro first_day(text, is_fiscal='false') -%}
    case
        when length({{ text }}) = 21 then try_cast(left({{ text }}, 10) as date)
        when length({{ text }}) = 10 then try_cast({{ text }} as date)
        when length({{ text }}) = 7 then try_cast({{ text }} || '-01' as date)
        when length({{ text }}) = 4 and {{ is_fiscal }} then try_cast({{ text }} || '-04-01' as date)
        when length({{ text }}) = 4 then try_cast({{ text }} || '-01-01' as date)
    end
{%- endmacro %}

{% macro last_day_of(text, is_fiscal='false') -%}
    case
        when length({{ text }}) = 21 then try_cast(right({{ text }}, 10) as date)
        when length({{ text }}) = 10 then try_cast({{ text }} as date)
        when length({{ text }}) = 7 then last_day(try_cast({{ text }} || '-01' as date))
        when length({{ text }}) = 4 and {{ is_fiscal }}
            then try_cast((try_cast({{ text }} as integer) + 1) || '-03-31' as date)
        when length({{ text }}) = 4 then try_cast({{ text }} || '-12-31' as date)
    end
{%- endmacro %}

{#- The Japanese fiscal year (April to March) that a day falls into. -#}
{% macro fiscal_year_of(day) -%}
    cast(extract(year from {{ day }}) as integer) - case when extract(month from {{ day }}) < 4 then 1 else 0 end
{%- endmacro %}

{#- The text by which a date is computed: the printed one where it is plain already, because only it tells a bare year,
    which may be a fiscal one, from the same days written out; else what ingest read. -#}
{% macro dated_text(printed, read) -%}
    case
        when regexp_extract({{ printed }}, '^([0-9]{4}(-[0-9]{2}){0,2}|[0-9]{4}-[0-9]{4})$', 1) <> '' then {{ printed }}
        else coalesce({{ read }}, {{ printed }})
    end
{%- endmacro %}
