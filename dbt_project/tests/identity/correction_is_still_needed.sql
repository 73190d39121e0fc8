-- Every landed table is asked, as rows of JSON: a correction may name any of our columns, codes included.
with live as (
    select * from {{ source('raw', 'registry__correction') }}
    where withdrawn_on is null
),

landed as (
    {% for table in landed_tables() %}
    select
        landed.family,
        landed.edition,
        landed.entry_key,
        to_json(landed) as cells
    from {{ source('raw', table) }} as landed
    where (landed.family, landed.edition, landed.entry_key) in (select (family, edition, entry_key) from live)
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

checked as (
    select
        live.*,
        landed.entry_key is not null as is_found,
        json_extract_string(landed.cells, '$.' || live.column_name) as printed_value
    from live
    left join landed
        on live.family = landed.family
        and live.edition = landed.edition
        and live.entry_key = landed.entry_key
)

select
    correction_id,
    'The correction ' || correction_id || ' of ' || column_name || ' in ' || family || '/' || edition || ', row '
    || entry_key || ', expects ' || coalesce(expected_value, 'an empty cell') || ' but '
    || case
        when is_found then 'the file now prints ' || coalesce(printed_value, 'an empty cell')
        else 'the row is gone'
    end
    || '. Withdraw it in corrections.csv, or write one for the new value.' as problem
from checked
where not is_found or printed_value is distinct from expected_value
