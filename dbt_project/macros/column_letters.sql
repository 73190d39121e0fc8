{#- The letters by which a spreadsheet names a column: 1 is A, 26 is Z, 27 is AA. -#}
{% macro column_letters(number) -%}
    case when {{ number }} > 26 then chr(64 + cast(floor(({{ number }} - 1) / 26) as integer)) else '' end
    || chr(65 + ({{ number }} - 1) % 26)
{%- endmacro %}
