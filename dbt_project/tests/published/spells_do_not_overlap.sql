-- Two spells of a cluster in one stage of a programme never share a day.
select
    earlier.spell_id,
    later.spell_id as later_spell_id
from {{ ref('fct_programme_spell') }} as earlier
inner join {{ ref('fct_programme_spell') }} as later
    on earlier.cluster_id = later.cluster_id
    and earlier.programme_code = later.programme_code
    and coalesce(earlier.stage_code, '') = coalesce(later.stage_code, '')
    and earlier.spell_number < later.spell_number
where coalesce(earlier.to_date, earlier.from_date) >= coalesce(later.from_date, later.to_date)
