-- Two kinds of partnership: a pair of parties from a partnership list, and a consortium that a programme roster lists.
with

pair as (
    {{ with_citation(ref('stg_partnership_list__partnership')) }}
),

consortium as (
    select * from {{ ref('int_programme_participation') }}
),

rule as (
    select * from {{ ref('programme_rule') }}
    where entry_unit = 'partnership'
),

placement as (
    select
        mention_key,
        verdict,
        cluster_id
    from {{ ref('int_mention_placement') }}
    where verdict is not null
),

listed_pair as (
    select
        pair.edition_id || '/' || pair.entry_key as partnership_id,
        pair.partnership_code,
        'pair' as partnership_type,
        pair.party_jp_printed || ' - ' || pair.party_eu_printed as name_printed,
        pair.partnership_kind_printed,
        pair.programme_code,
        cast(null as {{ dbt.type_string() }}) as strand,
        cast(null as {{ dbt.type_string() }}) as label_status_code,
        cast(null as {{ dbt.type_string() }}) as cluster_id,
        party_jp.cluster_id as cluster_id_jp,
        party_eu.cluster_id as cluster_id_eu,
        party_jp.verdict as verdict_jp,
        party_eu.verdict as verdict_eu,
        pair.party_jp_printed,
        pair.party_eu_printed,
        case when pair.prefectures_printed not like '%;%' then pair.prefectures_printed end as jp_prefecture_code,
        pair.partner_countries_printed,
        pair.partner_country_code,
        pair.nuts_codes_printed,
        pair.sector_printed,
        pair.start_printed,
        cast(null as {{ dbt.type_string() }}) as end_printed,
        {{ dated_text('pair.start_printed', 'pair.start_read') }} as start_text,
        cast(null as {{ dbt.type_string() }}) as end_text,
        pair.agreement_printed,
        pair.agreement_date_printed,
        {{ dated_text('pair.agreement_date_printed', 'pair.agreement_date_read') }} as agreement_date_text,
        {{ published_row_columns('pair.') }}
    from pair
    left join placement as party_jp on pair.mention_key_jp = party_jp.mention_key
    left join placement as party_eu on pair.mention_key_eu = party_eu.mention_key
),

listed_consortium as (
    select
        consortium.edition_id || '/' || consortium.entry_key as partnership_id,
        coalesce(consortium.entry_no, consortium.name) as partnership_code,
        'consortium' as partnership_type,
        consortium.name as name_printed,
        cast(null as {{ dbt.type_string() }}) as partnership_kind_printed,
        consortium.programme_code,
        consortium.strand,
        consortium.label_status_code,
        consortium.cluster_id,
        cast(null as {{ dbt.type_string() }}) as cluster_id_jp,
        consortium.lead_cluster_id as cluster_id_eu,
        cast(null as {{ dbt.type_string() }}) as verdict_jp,
        cast(null as {{ dbt.type_string() }}) as verdict_eu,
        cast(null as {{ dbt.type_string() }}) as party_jp_printed,
        consortium.lead_name as party_eu_printed,
        cast(null as {{ dbt.type_string() }}) as jp_prefecture_code,
        consortium.lead_country as partner_countries_printed,
        consortium.lead_country as partner_country_code,
        cast(null as {{ dbt.type_string() }}) as nuts_codes_printed,
        consortium.sector as sector_printed,
        consortium.start_printed,
        consortium.end_printed,
        {{ dated_text('consortium.start_printed', 'consortium.start_read') }} as start_text,
        {{ dated_text('consortium.end_printed', 'consortium.end_read') }} as end_text,
        cast(null as {{ dbt.type_string() }}) as agreement_printed,
        cast(null as {{ dbt.type_string() }}) as agreement_date_printed,
        cast(null as {{ dbt.type_string() }}) as agreement_date_text,
        {{ published_row_columns('consortium.') }}
    from consortium
    inner join rule on consortium.programme_code = rule.programme_code
),

final as (
    select * from listed_pair
    union all
    select * from listed_consortium
)

select
    *,
    {{ first_day('start_text') }} as start_earliest,
    {{ last_day_of('start_text') }} as start_latest,
    {{ first_day('end_text') }} as end_earliest,
    {{ last_day_of('end_text') }} as end_latest
from final
