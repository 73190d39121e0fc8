-- Every landed table is asked, as rows of JSON: a correction may name any of our columns, codes included.
with live as (
    select * from {{ source('raw', 'registry__correction') }}
    where withdrawn_on is null
        -- what is empty is told by correction_is_complete
        and family is not null and edition is not null and entry_key is not null and column_name is not null
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

found as (
    select
        live.*,
        landed.entry_key is not null as is_found,
        list_contains(json_keys(landed.cells), live.column_name) as is_column,
        landed.cells ->> ('$."' || replace(live.column_name, '"', '') || '"') as printed_value
    from live
    left join landed
        on live.family = landed.family
        and live.edition = landed.edition
        and live.entry_key = landed.entry_key
),

checked as (
    select
        *,
        'row ' || entry_key || ' of ' || family || '/' || edition || ', column ' || column_name as place,
        case
            when not is_found then 'no such row'
            when not is_column then 'no such column in the row'
            when coalesce(printed_value, '') <> coalesce(expected_value, '')
                then coalesce(printed_value, 'an empty cell')
        end as fault
    from found
)

select
    register_file,
    line_number,
    'correction ' || coalesce(correction_id, 'without id') || ': its guard no longer holds for ' || place
    || '. Found: ' || fault || '. Expected: ' || coalesce(expected_value, 'an empty cell') || '.' as problem,
    'withdraw it, or write a new correction for what is printed now' as remedy
from checked
where fault is not null
