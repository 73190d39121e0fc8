{#- True when a cluster is listed under another name than before. A name printed in another script is compared by its
    English form only, and a form that one of the two editions does not print is no change. -#}
{% macro is_name_changed(before, after) -%}
    coalesce(
        {{ before }}.name_script = {{ after }}.name_script and {{ before }}.name_key <> {{ after }}.name_key, false
    )
    or coalesce({{ before }}.name_en_key <> {{ after }}.name_en_key, false)
{%- endmacro %}
