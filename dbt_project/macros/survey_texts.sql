{#- Texts by language, beside those of an earlier wave. Two waves are compared in the languages that both have; where
    they have none in common nothing says that the text is the same. -#}

{#- A text for comparing: blanks of any kind count as one, and none at either end. -#}
{% macro plain_text(column) -%}
    trim(regexp_replace({{ column }}, '[\s\p{Z}]+', ' ', 'g'))
{%- endmacro %}

{#- Texts by language as they are compared. -#}
{% macro plain_texts(column) -%}
    map_from_entries(
        [
            struct_pack(k := entry.key, v := {{ plain_text('entry.value') }})
            for entry in map_entries({{ column }})
            if {{ plain_text('entry.value') }} <> ''
        ]
    )
{%- endmacro %}

{% macro is_text_changed(before, after) -%}
    case
        when cardinality({{ before }}) = 0 and cardinality({{ after }}) = 0 then false
        else len(list_filter(map_keys({{ after }}), lambda code: map_contains({{ before }}, code))) = 0
            or len(
                list_filter(
                    map_keys({{ after }}),
                    lambda code: map_contains({{ before }}, code) and {{ before }}[code] <> {{ after }}[code]
                )
            ) > 0
    end
{%- endmacro %}
