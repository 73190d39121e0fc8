{#- Make a view in the schema survey for each wide table: the answers beside what is known of the response. The files
    of a wave have their rows in the same order, so they are put side by side without a look-up; a repeat has more rows
    than there are responses and looks them up. -#}
{% macro survey_views(tables) -%}
    {% if execute %}
        {% do run_query('create schema if not exists survey') %}
        {% for table in run_query('select * from ' ~ tables).rows %}
            {% do run_query(survey_view(table)) %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{% macro survey_view(table) -%}
    {% set raw = env_var('OBSERVATORY_RAW') %}
    create or replace view survey.{{ sql_name(table['view_name']) }} as
    select
        {% if table['repeat_code'] is none -%}
        case
            when answer.response_no is not distinct from response.response_no then answer.response_no
            else error('the files of {{ table["view_name"] }} do not fit together')
        end as response_no,
        {%- else -%}
        answer.response_no,
        {%- endif %}
        response.response_id,
        response.language,
        response.disposition,
        {% if table['repeat_code'] is none -%}
        response.is_counted,
        {%- else -%}
        coalesce(response.is_counted, false) as is_counted,
        {%- endif %}
        answer.* exclude (response_no),
        {{ table['is_synthetic'] | lower }} as is_synthetic
    from read_parquet({{ sql_text(raw ~ '/' ~ table['wide_file']) }}) as answer
    {{ 'positional join' if table['repeat_code'] is none else 'left join' }} (
        select
            response_no,
            response_id,
            language,
            disposition,
            is_counted
        from read_parquet({{ sql_text(raw ~ '/survey__response/' ~ table['source_id'] ~ '/*.parquet') }})
    ) as response {% if table['repeat_code'] is not none %}on answer.response_no = response.response_no{% endif %}
{%- endmacro %}
