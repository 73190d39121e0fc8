-- Dates come from stated columns only: start and agreement of a partnership list, the fiscal years of a roster, first
-- contact and agreement of a best-practice case, and words of a cell that a reviewed row dates.
with tie_row as (
    select * from {{ ref('int_partnership_tie_row') }}
    where basis is not null
),

pair as (
    select * from {{ ref('int_partnership') }}
    where partnership_type = 'pair' and cluster_id_jp is not null and cluster_id_eu is not null
),

told as (
    select
        pair.cluster_id_jp,
        pair.cluster_id_eu,
        best_practice.*
    from {{ ref('int_best_practice_case') }} as best_practice
    inner join {{ ref('best_practice_tie') }} as tie on best_practice.case_code = tie.case_code
    inner join pair on tie.partnership_code = pair.partnership_code and best_practice.is_synthetic = pair.is_synthetic
    where best_practice.is_current
),

cell as (
    select
        cluster_id_jp, cluster_id_eu, edition_id, row_id, partnership_id as place, 'agreement' as column_name,
        agreement_printed as words
    from pair
    union all
    select cluster_id_jp, cluster_id_eu, edition_id, row_id, partnership_id, 'note', note from pair
    union all
    select
        told.cluster_id_jp, told.cluster_id_eu, metric.edition_id, metric.row_id,
        metric.edition_id || '/' || metric.entry_key, 'metric', metric.metric
    from {{ ref('int_best_practice_metric') }} as metric
    inner join told on metric.case_code = told.case_code
    where metric.is_current
),

reading as (
    select
        cell.*,
        reading.event_kind,
        reading.from_printed,
        reading.to_printed
    from {{ ref('partnership_event_reading') }} as reading
    inner join cell
        on reading.family || '/' || reading.edition || '/' || reading.entry_key = cell.place
        and reading.column_name = cell.column_name
    where position(reading.quoted in cell.words) > 0
),

printed as (
    select cluster_id_jp, cluster_id_eu, edition_id, row_id, 'start' as column_name, start_printed as value_printed,
        'start' as event_kind, start_printed as from_text, start_printed as to_text
    from pair
    union all
    select cluster_id_jp, cluster_id_eu, edition_id, row_id, 'first_contact', first_contact_printed,
        'first_contact', first_contact_printed, first_contact_printed
    from told
    {% for relation in ['pair', 'told'] %}
    {% for place in [1, 2, 3, 4] %}
    union all
    select cluster_id_jp, cluster_id_eu, edition_id, row_id, 'agreement_date', agreement_date_printed,
        '{{ "agreement_signed" if place == 1 else "agreement_renewed" }}',
        nullif(trim({{ dbt.split_part('agreement_date_printed', "';'", place) }}), ''),
        nullif(trim({{ dbt.split_part('agreement_date_printed', "';'", place) }}), '')
    from {{ relation }}
    {% endfor %}
    {% endfor %}
    union all
    select cluster_id_jp, cluster_id_eu, edition_id, row_id, column_name, words, event_kind, from_printed, to_printed
    from reading
),

dated as (
    select
        *,
        {{ first_day('from_text') }} as date_earliest,
        {{ last_day_of('to_text') }} as date_latest,
        'parties_printed' as basis
    from printed
    where from_text is not null
),

adopted as (
    select
        tie_row.cluster_id_jp,
        tie_row.cluster_id_eu,
        tie_row.edition_id,
        tie_row.row_id,
        'status' as column_name,
        period.status_code as value_printed,
        case period.status_code
            when 'new' then 'project_started'
            when 'renewed' then 'project_renewed'
            when 'preliminary_survey' then 'preliminary_survey'
        end as event_kind,
        period.from_date as date_earliest,
        case
            when period.from_precision = 'day' then period.from_date
            when period.from_precision = 'month' then last_day(period.from_date)
            else period.to_date
        end as date_latest,
        tie_row.basis
    from tie_row
    inner join {{ ref('int_programme_period') }} as period on tie_row.row_id = period.row_id
),

event as (
    select cluster_id_jp, cluster_id_eu, edition_id, row_id, column_name, value_printed, event_kind, date_earliest,
        date_latest, basis
    from dated
    union all
    select * from adopted
    where event_kind is not null
)

select
    event.cluster_id_jp || '/' || event.cluster_id_eu || '/' || event.event_kind || '/'
    || event.date_earliest || '/' || event.row_id as event_id,
    event.cluster_id_jp || '/' || event.cluster_id_eu as tie_id,
    event.event_kind,
    kind.is_interaction,
    kind.is_renewal,
    event.date_earliest,
    event.date_latest,
    event.column_name,
    event.value_printed,
    event.basis,
    event.edition_id,
    event.row_id as evidence_row_id,
    party.is_synthetic
from event
inner join {{ ref('partnership_event_kind') }} as kind on event.event_kind = kind.event_kind
inner join {{ ref('int_partner_profile') }} as party on event.cluster_id_jp = party.cluster_id
where event.date_earliest is not null
