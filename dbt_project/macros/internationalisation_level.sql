{#- Our ordinal level of internationalisation, a function of the parts alone (method internationalisation-1):
      4  an agreement with a foreign partner and an office abroad
      3  one of the two
      2  a named international contact, or participation in RIT or ESCP-4i
      1  an English site only
      0  none of the known parts
      null when no part is known.
    A part that is not known counts as absent, so the level is the least that the printed parts support. -#}
{% macro internationalisation_level() -%}
    case
        when n_parts_known = 0 then null
        when has_foreign_agreement and has_office_abroad then 4
        when has_foreign_agreement or has_office_abroad then 3
        when has_international_contact or has_rit_participation or has_escp4i_membership then 2
        when has_english_site then 1
        else 0
    end
{%- endmacro %}

{#- The parts of the level, in the order in which they are published. -#}
{% macro internationalisation_parts() -%}
    {{ return([
        'has_english_site', 'has_international_contact', 'has_foreign_agreement', 'has_rit_participation',
        'has_escp4i_membership', 'has_office_abroad'
    ]) }}
{%- endmacro %}
