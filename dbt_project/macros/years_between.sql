{#- Years from one day to another (days / 365.25), as every duration and interval of the warehouse is measured. -#}
{% macro years_between(first, last) -%}
    cast({{ dbt.datediff(first, last, 'day') }} / 365.25 as double)
{%- endmacro %}
