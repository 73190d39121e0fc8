{#- What the tests of the register say about a row: each returns register_file, line_number, problem and remedy, which
    a build prints as one sentence. All arguments are SQL texts; an empty cell is said to be empty. -#}
{% macro register_fault(what, found, expected, remedy) -%}
    struct_pack(
        problem := {{ what }} || '. Found: ' || coalesce({{ found }}, 'an empty cell')
        || '. Expected: ' || {{ expected }} || '.',
        remedy := {{ remedy }}
    )
{%- endmacro %}

{#- A fault if a cell is empty. -#}
{% macro missing_cell(column) -%}
    case when {{ column }} is null then
        {{ register_fault("'" ~ column ~ " is empty'", column, "'a filled cell'", "'fill " ~ column ~ "'") }}
    end
{%- endmacro %}

{#- A fault if a cell is no day of the calendar; an empty one is a fault only where a day is required. -#}
{% macro odd_day(column, required=true) -%}
    case when {{ column }} is null {% if not required %}and {{ column }}_printed is not null {% endif %}then
        {{ register_fault(
            "'" ~ column ~ " is not a day'", column ~ "_printed", "'year, month and day, as 2026-11-20'",
            "'correct " ~ column ~ "'"
        ) }}
    end
{%- endmacro %}

{#- A fault if a cell is neither true nor false. -#}
{% macro odd_boolean(column) -%}
    case when {{ column }} is null then
        {{ register_fault(
            "'" ~ column ~ " is not a yes or no'", column ~ "_printed", "'true or false'", "'correct " ~ column ~ "'"
        ) }}
    end
{%- endmacro %}

{#- A fault if an id is not letters and a running number, or stands on an earlier line too. Nothing that a name or a
    position could leak into. `earlier` is the place of the earlier line, or null. -#}
{% macro odd_id(column, example, earlier) -%}
    case
        when {{ column }} is null or regexp_extract({{ column }}, '^([A-Z]{3}-[0-9]{4,})$', 1) = '' then
            {{ register_fault(
                "'the id has not the form of an id'", column,
                "'three capital letters, a hyphen and at least four digits, as " ~ example ~ "'",
                "'take the next free number'"
            ) }}
        when {{ earlier }} is not null then
            {{ register_fault(
                "'the id is given twice'", "'the same id in ' || " ~ earlier, "'each id once, and never again'",
                "'give the newer of the two the next free number'"
            ) }}
    end
{%- endmacro %}

{#- Where the row before this one with the same value stands. -#}
{% macro earlier_line(column) -%}
    lag(register_file || ', line ' || line_number) over (
        partition by {{ column }} order by register_file not like 'dbt_project/%', register_file, line_number
    )
{%- endmacro %}

{#- A fault if a withdrawal lacks its day or its reason, or is older than what it withdraws. -#}
{% macro odd_withdrawal() -%}
    case
        when withdrawn_on is not null and withdrawn_reason is null then
            {{ register_fault(
                "'it is withdrawn without a reason'", "withdrawn_reason", "'why it no longer counts'",
                "'fill withdrawn_reason'"
            ) }}
        when withdrawn_on_printed is null and withdrawn_reason is not null then
            {{ register_fault(
                "'it has a reason for a withdrawal and no day'", "withdrawn_on_printed",
                "'the day from which it no longer counts'",
                "'fill withdrawn_on, or empty withdrawn_reason'"
            ) }}
        when withdrawn_on < decided_on then
            {{ register_fault(
                "'it was withdrawn before it was decided'",
                "'withdrawn ' || withdrawn_on_printed || ', decided ' || decided_on_printed",
                "'the day of the decision first'", "'correct the two days'"
            ) }}
    end
{%- endmacro %}
