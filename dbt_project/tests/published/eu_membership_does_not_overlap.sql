-- On any day a country is in one area.
select
    earlier.country_code,
    earlier.valid_from,
    later.valid_from as later_valid_from
from {{ ref('int_country_area') }} as earlier
inner join {{ ref('int_country_area') }} as later
    on earlier.country_code = later.country_code
    and earlier.valid_from < later.valid_from
where earlier.valid_to >= later.valid_from
