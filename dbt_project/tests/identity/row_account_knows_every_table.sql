-- The list of tables is written by hand, because dbt needs it before it has read the models. Printed cells hold every
-- row whether a model reads it or not, so they prove nothing here.
-- depends_on: {{ ref('rpt_row_account') }}
{% set carrying = [] %}
{% if execute %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and node.schema == 'marts' %}
        {% if node.columns.get('row_id', {}).get('constraints') %}{% do carrying.append(node.name) %}{% endif %}
    {% endfor %}
{% endif %}
{% set missing = carrying | reject('in', tables_with_row_id() + ['fct_printed_cell']) | list %}
select
    'Marts that carry a row_id are missing from the macro tables_with_row_id: {{ missing | join(", ") }}. Add them.'
    as problem
where {{ missing | length }} > 0
