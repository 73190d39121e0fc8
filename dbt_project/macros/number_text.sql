{#- A number as text: whole numbers without a point, others with the decimals that they need (four at most). -#}
{% macro number_text(column) -%}
    case
        when {{ column }} = round({{ column }}, 0) then cast(cast({{ column }} as bigint) as {{ dbt.type_string() }})
        else trim(trailing '0' from cast(cast({{ column }} as decimal(18, 4)) as {{ dbt.type_string() }}))
    end
{%- endmacro %}
