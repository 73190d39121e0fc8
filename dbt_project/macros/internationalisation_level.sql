{#- The parts that our level is made of, in the order in which they are published; the rule itself is the code list
    internationalisation_rule, and a test keeps the two alike. -#}
{% macro internationalisation_parts() -%}
    {{ return([
        'has_english_site', 'has_international_contact', 'has_foreign_agreement', 'has_rit_participation',
        'has_escp4i_membership', 'has_office_abroad'
    ]) }}
{%- endmacro %}
