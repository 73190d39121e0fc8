select
    participation.edition_id || '/' || participation.entry_key as participation_id,
    participation.cluster_id,
    participation.lead_cluster_id,
    participation.partner_cluster_id,
    participation.programme_code,
    participation.family,
    participation.edition_id,
    participation.fiscal_year,
    participation.status_code,
    participation.stage_code,
    participation.stage as stage_printed,
    participation.strand,
    participation.label_status_code,
    participation.sector as sector_printed,
    case
        when coalesce(participation.prefecture, participation.lead_prefecture) not like '%;%'
            then coalesce(participation.prefecture, participation.lead_prefecture)
    end as jp_prefecture_code,
    coalesce(participation.prefecture, participation.lead_prefecture) as prefectures_printed,
    participation.partner_country_code,
    participation.partner_area,
    participation.is_partner_in_eu,
    participation.name as name_printed,
    coalesce(
        participation.lead_name, participation.promoting_body, participation.core_organisation,
        participation.lead_name_ja
    ) as lead_name_printed,
    participation.partner_name as partner_name_printed,
    participation.partner_region as partner_region_printed,
    participation.start_printed,
    participation.end_printed,
    participation.period_printed,
    participation.cited_source,
    participation.source_title,
    participation.source_address,
    participation.cited_locator,
    participation.trust,
    participation.note,
    participation.row_id,
    participation.is_synthetic
from {{ ref('int_programme_participation') }} as participation
