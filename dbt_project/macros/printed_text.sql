{#- Reading printed text: names for comparison, scripts, booleans, years. The printed text itself is never changed. -#}

{#- A name for comparing editions: width and case folded, punctuation, symbols and spaces taken out. -#}
{% macro name_key(column) -%}
    {{ return(adapter.dispatch('name_key', 'observatory')(column)) }}
{%- endmacro %}

{% macro duckdb__name_key(column) -%}
    nullif(regexp_replace(lower(nfc_normalize({{ half_width(column) }})), '[\p{P}\p{S}\p{Z}]', '', 'g'), '')
{%- endmacro %}

{% macro default__name_key(column) -%}
    nullif(regexp_replace(lower({{ half_width(column) }}), '[\\p{P}\\p{S}\\p{Z}]', ''), '')
{%- endmacro %}

{% macro half_width(column) -%}
    translate(
        {{ column }},
        'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９　',
        'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '
    )
{%- endmacro %}

{#- ISO 15924 script of a name: Jpan if it holds any kana or ideograph, Latn otherwise. The middle dot is neither. -#}
{% macro script_code(column) -%}
    case
        when {{ column }} is null then null
        when regexp_replace({{ column }}, '[ぁ-ゟァ-ヺー-ヿ㐀-䶿一-鿿ｦ-ﾟ]', '') <> {{ column }} then 'Jpan'
        else 'Latn'
    end
{%- endmacro %}

{#- Yes and no as lists print them; anything else is not known. -#}
{% macro printed_boolean(column) -%}
    case
        when lower(trim({{ column }})) in ('yes', 'y', 'true', '1', 'はい', '有', '○', '〇') then true
        when lower(trim({{ column }})) in ('no', 'n', 'false', '0', 'いいえ', '無', '×') then false
    end
{%- endmacro %}

{#- The first four-digit year of a printed date. -#}
{% macro printed_year(column) -%}
    cast(nullif(regexp_extract({{ half_width(column) }}, '((18|19|20)[0-9]{2})', 1), '') as integer)
{%- endmacro %}
