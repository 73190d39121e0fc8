{#- What is written over all columns of all wide tables: one SELECT for each, so that whoever asks for one question
    reads one column. -#}

{#- The answers of one wide column: the columns of fct_survey_answer. -#}
{% macro survey_answers(column) -%}
    {% set cell = sql_name(column['wide_column']) %}
    {% set kind = column['kind'] %}
    {% set no_text, no_number, no_day = 'cast(null as varchar)', 'cast(null as double)', 'cast(null as date)' %}
    select
        {{ sql_text(column['survey_code']) }} as survey_code,
        {{ sql_text(column['wave']) }} as wave,
        response_id,
        cast(response_no as integer) as response_no,
        cast({{ 'repeat_no' if column['repeat_code'] else 'null' }} as integer) as repeat_no,
        {{ sql_text(column['question_code']) }} as question_code,
        {{ survey_option_of(column, kind, cell) }} as option_code,
        {{ survey_state(column, kind, cell) }} as state,
        {{ 'cast(' ~ cell ~ ' as varchar)' if kind in ('text', 'time', 'datetime') else no_text }} as value_text,
        {% if kind == 'rank' -%}
        case when {{ cell }} > 0 then cast({{ cell }} as double) end as value_number,
        {%- else -%}
        {{ 'cast(' ~ cell ~ ' as double)' if kind in ('integer', 'decimal') else no_number }} as value_number,
        {%- endif %}
        {{ 'cast(' ~ cell ~ ' as date)' if kind in ('date', 'datetime') else no_day }} as value_date,
        {% set raw = sql_name(column['raw_column']) if column['raw_column'] else 'null' -%}
        cast({{ raw }} as varchar) as raw_cell,
        is_counted,
        is_synthetic
    from survey.{{ sql_name(column['view_name']) }}
{%- endmacro %}

{#- The code of the chosen option, or of the one that the column is about. -#}
{% macro survey_option_of(column, kind, cell) -%}
    {% if kind == 'select_one' and column['option_code'] is none -%}
    case when {{ cell }} > 0 then {{ sql_texts(fromjson(column['option_codes'] or '[]')) }}[{{ cell }}] end
    {%- else -%}
    cast({{ sql_text(column['option_code']) }} as varchar)
    {%- endif %}
{%- endmacro %}

{% macro survey_state(column, kind, cell) -%}
    {% if kind == 'select_one' and column['option_code'] is none -%}
    case
        when {{ cell }} > 0 then {{ sql_texts(fromjson(column['chosen_states'] or '[]')) }}[{{ cell }}]
        else {{ survey_state_of(cell) }}
    end
    {%- elif kind in ('select_one', 'select_multiple', 'rank') -%}
    case
        when {{ cell }} > 0 then {{ sql_text(column['chosen_state']) }}
        when {{ cell }} = 0 then 'not_selected'
        else {{ survey_state_of(cell) }}
    end
    {%- else -%}
    {% set state = sql_name(column['state_column']) %}
    case when {{ state }} = 0 then 'answered' else {{ survey_state_of(state) }} end
    {%- endif %}
{%- endmacro %}

{#- How many responses of one wide column have each number: the position of the option, 1 or 0 for a tick or a rank, 0
    for an answer in words or figures, and the states below zero. Weights are added as decimals, whose sum is the same
    in whatever order they are added. -#}
{% macro survey_tally(column, weighted_views) -%}
    {% set cell = sql_name(column['wide_column']) %}
    {% set is_weighted = column['has_weights'] and column['view_name'] in weighted_views %}
    select
        {{ sql_text(column['source_id']) }} as source_id,
        {{ sql_text(column['wide_table']) }} as wide_table,
        {{ sql_text(column['wide_column']) }} as wide_column,
        {% if column['state_column'] -%}
        cast({{ sql_name(column['state_column']) }} as bigint) as code,
        {%- elif column['kind'] == 'rank' -%}
        cast(case when {{ cell }} > 1 then 1 else {{ cell }} end as bigint) as code,
        {%- else -%}
        cast({{ cell }} as bigint) as code,
        {%- endif %}
        count(*) as n_responses,
        count(*) filter (where is_counted) as n,
        {% if is_weighted -%}
        -- Only weights that count were judged; that of another response may be no number that a decimal can hold.
        cast(sum(cast(case when is_counted then design__weights end as decimal(30, 12))) as double) as weighted_n
        {%- else -%}
        cast(null as double) as weighted_n
        {%- endif %}
    from survey.{{ sql_name(column['view_name']) }}
    group by all
{%- endmacro %}

{#- The wide columns with answers, as far as they are known when the query runs. -#}
{% macro survey_wide_columns(condition='') -%}
    {% if execute -%}
        {% set rows = 'select * from ' ~ ref('int_survey_column') ~ ' ' ~ condition %}
        {% set query = rows ~ ' order by source_id, wide_table, column_no' %}
        {{ return(run_query(query).rows) }}
    {%- endif %}
    {{ return([]) }}
{%- endmacro %}

{#- The wide tables that have a column of weights. -#}
{% macro survey_weighted_views() -%}
    {% if execute -%}
        {% set query %}
            select table_name from duckdb_columns() where schema_name = 'survey' and column_name = 'design__weights'
        {% endset %}
        {{ return(run_query(query).columns[0].values() | list) }}
    {%- endif %}
    {{ return([]) }}
{%- endmacro %}
