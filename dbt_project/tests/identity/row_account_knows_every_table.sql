-- The list of tables that carry a row_id is written by hand, because dbt needs it before it has read the models.
-- depends_on: {{ ref('rpt_row_account') }}
{% set carrying = [] %}
{% if execute %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and node.schema == 'marts' and 'row_id' in node.columns %}
        {% do carrying.append(node.name) %}
    {% endfor %}
{% endif %}
{% set listed = tables_with_row_id() %}
{% set missing = carrying | reject('in', listed) | list %}
select
    'Marts with a row_id are missing from tables_with_row_id(): {{ missing | join(", ") }}. Add them.' as problem
where {{ missing | length }} > 0
