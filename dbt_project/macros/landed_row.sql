{#- What every staging model does with a landed row: leave rejected rows out, apply corrections, name the mention. -#}

{#- Every landed table, in the order of the ingest layout. -#}
{% macro landed_tables() -%}
    {{ return([
        'organisation_list__organisation', 'programme_roster__participant',
        'partnership_list__partnership', 'partnership_list__member', 'partnership_list__target',
        'partnership_list__case', 'partnership_list__case_metric',
        'published_figures__figure', 'published_figures__aggregate', 'published_figures__programme_total',
        'published_figures__indicator', 'published_figures__check', 'published_figures__contradiction',
        'survey__survey', 'survey__result',
        'reference_list__prefecture', 'reference_list__prefecture_indicator', 'reference_list__nuts_region',
        'reference_list__sector', 'reference_list__sector_crosswalk', 'reference_list__name_variant',
        'reference_list__programme', 'reference_list__document'
    ]) }}
{%- endmacro %}

{#- The rows of a landed table that were not rejected, each with its live corrections (a map, null for nearly all). -#}
{% macro landed_rows(table) -%}
    select
        landed.*,
        correction.new_values
    from {{ source('raw', table) }} as landed
    left join (
        select
            family,
            edition,
            entry_key,
            map(list(column_name order by column_name), list(new_value order by column_name)) as new_values
        from (
            select
                family,
                edition,
                entry_key,
                column_name,
                min(coalesce(corrected_value, '')) as new_value
            from {{ source('raw', 'registry__correction') }}
            where withdrawn_on is null
            group by family, edition, entry_key, column_name
        ) as corrected_cell
        group by family, edition, entry_key
    ) as correction
        on landed.family = correction.family
        and landed.edition = correction.edition
        and landed.entry_key = correction.entry_key
    where landed.rejected_reason is null
{%- endmacro %}

{#- One of our columns after corrections, read from a CTE named landed. A landed cell is never the empty text: a
    correction to '' empties the cell. -#}
{% macro corrected(column) -%}
    nullif(coalesce(landed.new_values['{{ column }}'], landed.{{ column }}), '')
{%- endmacro %}

{#- What ingest read in one of our columns, in canonical form, null where it could not. A corrected value is taken as it
    is: whoever corrects writes it plainly. -#}
{% macro corrected_read(column) -%}
    case
        when landed.new_values['{{ column }}'] is not null then nullif(landed.new_values['{{ column }}'], '')
        else landed.{{ column }}_read
    end
{%- endmacro %}

{% macro edition_id() -%}
    family || '/' || edition
{%- endmacro %}

{#- Key of a mention: one printed row in one role. Decision rows name it, so its parts never change. -#}
{% macro mention_key(role) -%}
    family || '/' || edition || '/{{ role }}/' || entry_key
{%- endmacro %}

{#- Where a landed row stands: what every staging model carries first. -#}
{% macro row_place() -%}
    row_id,
    source_id,
    family,
    edition,
    {{ edition_id() }} as edition_id,
    is_synthetic,
    entry_key
{%- endmacro %}

{#- Where a transcribed row was read: what every staging model of transcribed rows carries last. -#}
{% macro row_citation() -%}
    {{ corrected('cited_source') }} as cited_source,
    {{ corrected('cited_locator') }} as cited_locator,
    {{ corrected('trust') }} as trust,
    {{ corrected('note') }} as note
{%- endmacro %}
