-- A reviewed row that no longer meets what it was written for would silently count for nothing.
with edition as (
    select distinct edition_id from {{ ref('dim_source') }}
),

reading as (
    select
        'partnership_event_reading.csv' as file_name,
        reading.entry_key || ', ' || reading.column_name as place,
        'the words "' || reading.quoted || '" no longer stand there, or the tie is no longer decided' as fault
    from {{ ref('partnership_event_reading') }} as reading
    inner join edition on reading.family || '/' || reading.edition = edition.edition_id
    left join {{ ref('fct_partnership_event') }} as event
        on edition.edition_id = event.edition_id
        and reading.event_kind = event.event_kind
        and reading.column_name = event.column_name
        and position(reading.quoted in event.value_printed) > 0
    where event.event_id is null
),

tie as (
    select
        'best_practice_tie.csv' as file_name,
        tie.case_code as place,
        'there is a case of this code, but no partnership ' || tie.partnership_code as fault
    from {{ ref('best_practice_tie') }} as tie
    inner join {{ ref('dim_best_practice_case') }} as best_practice on tie.case_code = best_practice.case_code
    left join {{ ref('fct_partnership') }} as partnership on tie.partnership_code = partnership.partnership_code
    where partnership.partnership_id is null
),

alias as (
    select
        'sector_alias.csv' as file_name,
        alias.field_printed as place,
        'the sector ' || alias.sector_code || ' is not in the list EUJAPAN_2016' as fault
    from {{ ref('sector_alias') }} as alias
    left join {{ ref('dim_sector') }} as sector
        on alias.sector_code = sector.sector_code
        and sector.scheme_code = 'EUJAPAN_2016'
    where alias.sector_code is not null and sector.sector_code is null
),

fault as (
    select * from reading
    union all
    select * from tie
    union all
    select * from alias
)

select
    file_name,
    place,
    'The row "' || place || '" of ' || file_name || ' has nothing to hold on to: ' || fault
    || '. Read the source again and correct the row, or take it out.' as problem
from fault
