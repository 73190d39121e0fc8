{#- The texts of one kind of mark that a file keeps beside a cell, joined; null if there is none. -#}
{% macro marks_of(kind) -%}
    nullif(array_to_string([mark.text for mark in marks if mark.kind = '{{ kind }}'], ' | '), '')
{%- endmacro %}
