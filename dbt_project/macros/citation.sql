{#- Where a transcribed row was read, and which of several editions of a row counts now. -#}

{#- Rows of a staging model with the reference date of their edition and the document that they were read in. -#}
{% macro with_citation(relation) -%}
    select
        stated.*,
        catalog.reference_date,
        document.title as source_title,
        coalesce(
            document.address, case when stated.cited_source like 'http%' then stated.cited_source end
        ) as source_address
    from {{ relation }} as stated
    left join {{ ref('stg_catalog__source') }} as catalog on stated.source_id = catalog.source_id
    left join {{ ref('int_document') }} as document
        on stated.cited_source = document.document_code
        and document.is_current
{%- endmacro %}

{#- True for the row of the newest edition that gives this key: the one that look-ups use. -#}
{% macro is_newest(key) -%}
    row_number() over (partition by {{ key }} order by reference_date desc, row_id) = 1
{%- endmacro %}

{#- The columns that every published row carries from its source to its mart. -#}
{% macro published_row_columns(prefix='') -%}
    {%- for column in [
        'family', 'edition_id', 'reference_date', 'cited_source', 'source_title', 'source_address', 'cited_locator',
        'trust', 'note', 'row_id', 'is_synthetic'
    ] %}
        {{ prefix }}{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
