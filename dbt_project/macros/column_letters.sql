{#- The letters by which a spreadsheet names a column: 1 is A, 26 is Z, 27 is AA. -#}
{% macro column_letters(number) -%}
    case when {{ number }} > 702 then chr(65 + cast(floor(({{ number }} - 703) / 676) as integer)) else '' end
    || case when {{ number }} > 26 then chr(65 + cast(floor(({{ number }} - 27) / 26) as integer) % 26) else '' end
    || chr(65 + ({{ number }} - 1) % 26)
{%- endmacro %}
