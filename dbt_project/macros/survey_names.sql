{#- Numbers, names and texts of the wide tables of survey waves, as SQL. -#}

{#- The numbers below zero that stand for states in a wide column: -1 is the first. The same list as in
    ingest/survey/state.py. -#}
{% macro survey_states() -%}
    {{ return([
        'not_answered', 'not_shown', 'unknown_none_ticked', 'unreadable', 'redacted', 'dont_know', 'refused',
        'not_applicable'
    ]) }}
{%- endmacro %}

{#- The state that a number below zero stands for. -#}
{% macro survey_state_of(number) -%}
    ['{{ survey_states() | join("', '") }}'][-({{ number }})]
{%- endmacro %}

{#- A name or text as it stands in SQL; null for none. -#}
{% macro sql_name(name) -%}
    "{{ name | replace('"', '""') }}"
{%- endmacro %}

{% macro sql_text(text) -%}
    {% if text is none %}null{% else %}'{{ text | replace("'", "''") }}'{% endif %}
{%- endmacro %}

{% macro sql_texts(texts) -%}
    [{% for text in texts %}{{ sql_text(text) }}{{ ', ' if not loop.last }}{% endfor %}]
{%- endmacro %}
