select
    told.*,
    edition.reference_date,
    stored.view_name,
    coalesce(microdata.value, 'withheld') as microdata,
    row_number() over (
        partition by told.survey_code, told.is_synthetic order by edition.reference_date, told.wave
    ) as wave_no
from {{ ref('stg_survey__file') }} as told
inner join {{ ref('int_survey_table') }} as stored
    on told.source_id = stored.source_id
    and told.wide_table = stored.wide_table
left join {{ ref('int_survey_design') }} as microdata
    on told.source_id = microdata.source_id
    and microdata.aspect = 'microdata'
left join {{ ref('int_edition') }} as edition on told.source_id = edition.source_id
where told.repeat_code is null
