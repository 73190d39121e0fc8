-- A small released warehouse for tests of estimates and pages: only the columns that analytics reads, rows made by rule.
-- 45 synthetic clusters listed in 2013 and 52 in 2016 (38 in both), one real family of two short editions, one roster.
create schema marts; create schema reports; create schema stats;

create table marts.dim_edition as
select *, family || '/' || edition as edition_id from (values
    ('cluster_mapping', '2013', 'organisation_list', 'Mapping 2013 (synthetic rows)', date '2013-03-31', 1, false, 'final', true, 45, 'with data'),
    ('cluster_mapping', '2016', 'organisation_list', 'Mapping 2016 (synthetic rows)', date '2016-05-31', 2, true, 'final', true, 52, 'identified'),
    ('harbour_list', '2018', 'organisation_list', 'Harbour list 2018', date '2018-01-01', 1, false, 'final', false, 4, 'listed'),
    ('harbour_list', '2020', 'organisation_list', 'Harbour list 2020', date '2020-01-01', 2, true, 'final', false, 3, 'listed'),
    ('jetro_rit', 'fy2016', 'programme_roster', 'RIT projects FY2016', date '2016-04-01', 1, true, 'final', false, 15, 'adopted'),
    ('escp4i', 'generation-1', 'programme_roster', 'ESCP-4i generation 1', date '2016-01-01', 1, true, 'final', false, 12, 'selected')
) as t(family, edition, kind, title, reference_date, edition_order, is_newest, status, is_synthetic, n_rows, scope_rule);

create table marts.dim_source as
select edition_id, family || '-' || edition as source_id, family, edition, kind, 'organisation' as table_name, title,
       'A publisher & sons' as publisher_name, 'JP' as publisher_country, not is_synthetic as is_official,
       'https://example.org/' || family as page_address, family || '.csv' as file_name, repeat('ab', 32) as file_sha256,
       'unknown' as published, date '2026-11-01' as accessed, reference_date, 'en;ja' as language,
       'CC BY 4.0' as licence_name, null::varchar as licence_address, 'transcribed' as obtained,
       'registry editor' as reviewed_by, scope_rule, status, is_synthetic, 'one <row> is known to be missing' as known_gaps,
       n_rows as rows_read
from marts.dim_edition;

create table marts.dim_cluster as
select printf('JPC-%04d', n) as cluster_id, printf('Imaginary Cluster %d', n) as label, printf('架空産業集積体%d号', n) as name_ja, printf('Imaginary Cluster %d', n) as name_en,
       n <= 59 as is_synthetic
from range(1, 64) as t(n);

-- Clusters 1..45 in 2013; 1..38 and 46..59 in 2016: 39..45 are gone, two of them without evidence.
create table marts.fct_cluster_presence as
select printf('JPC-%04d', n) as cluster_id, 'cluster_mapping' as family, 'cluster_mapping/' || e as edition_id,
       printf('%s Cluster %d', case when e = '2016' and n between 31 and 34 then 'Renamed' else 'Imaginary' end, n) as name_printed,
       null::varchar as name_en_printed, printf('%s#%d', e, n) as row_id, 'listed' as presence_status, 1995 + n % 18 as founded_year, true as is_synthetic
from range(1, 60) as t(n), (values ('2013'), ('2016')) as v(e) where (e = '2013' and n <= 45) or (e = '2016' and (n <= 38 or n > 45))
union all
select printf('JPC-%04d', n), 'harbour_list', 'harbour_list/' || e, printf('港湾%d', n), printf('Harbour %d', n), printf('%s#%d', e, n), 'listed', null, false
from range(60, 64) as t(n), (values ('2018'), ('2020')) as v(e) where e = '2018' or n < 63;

create table marts.dim_cluster_name as
select cluster_id, '旧' || cluster_id as name, 'printed_japanese' as name_kind, edition_id
from marts.fct_cluster_presence where edition_id = 'cluster_mapping/2013';

create table marts.fct_cluster_survival as
select printf('JPC-%04d', n) as cluster_id, 'cluster_mapping' as family, 'cluster_mapping/2013' as from_edition_id,
       'cluster_mapping/2016' as to_edition_id, 3.0::double as years, true as is_adjacent, true as is_scope_changed,
       case when n <= 30 then 'survived_unchanged' when n <= 37 then 'survived_changed' when n = 38 then 'survived_by_takeover'
            when n = 39 then 'merged' when n = 40 then 'absorbed' when n = 41 then 'broken_up' when n = 42 then 'died'
            when n = 43 then 'out_of_scope' else 'unknown' end as outcome_code,
       case when n < 31 then 'listed' when n < 38 then 'renamed' when n = 39 then 'merger' else 'none' end as evidence_code,
       case when n = 39 then 'https://example.org/merger' end as evidence_address,
       case when n >= 39 then date '2014-01-01' end as exit_earliest, case when n >= 39 then date '2014-06-30' end as exit_latest,
       case when n = 39 then 'JPC-0046' end as successor_ids, true as is_at_risk, n = 42 as is_provisional, case when n % 3 = 0 then 'food' else 'health' end as sector_code,
       1995 + n % 18 as founded_year, 'cluster_organisation' as unit_kind, true as is_synthetic
from range(1, 46) as t(n)
union all
select printf('JPC-%04d', n), 'harbour_list', 'harbour_list/2018', 'harbour_list/2020', 2.0, true, false,
       case when n < 63 then 'survived_unchanged' else 'died' end, 'listed', null, null, null, null, true, n = 63, null, null, 'cluster_organisation', false
from range(60, 64) as t(n);

-- Of the 52 of 2016, 38 continue; of 46..59, 46 came out of the merger, 47..50 were born, 51..56 found late, 57 to 59
-- are unknown. The harbour list keeps three of four.
create table marts.fct_cluster_entry as
select printf('JPC-%04d', n) as cluster_id, 'cluster_mapping' as family, 'cluster_mapping/2013' as from_edition_id,
       'cluster_mapping/2016' as to_edition_id, 3.0::double as years, true as is_adjacent, true as is_scope_changed,
       case when n <= 38 then 'continued' when n = 46 then 'by_merger' when n <= 50 then 'birth' when n <= 56 then 'late_discovery'
            else 'unknown' end as entry_code,
       case when n % 13 = 0 then 'initiative' else 'cluster_organisation' end as unit_kind, true as is_synthetic
from range(1, 60) as t(n) where n <= 38 or n > 45
union all
select printf('JPC-%04d', n), 'harbour_list', 'harbour_list/2018', 'harbour_list/2020', 2.0, true, false, 'continued',
       'cluster_organisation', false
from range(60, 63) as t(n);

-- Ten spells worked by hand in test_topic_duration.py (family tide_list), and one real family in which nobody left.
create table marts.fct_cluster_spell as
select printf('JPC-%04d', n) as cluster_id, 'tide_list' as family, exit_group, is_provisional,
       listed::double as listed_years, listed_latest::double as listed_years_latest, missed::double as listed_years_missed,
       (age - 0.5)::double as entry_age_earliest, (age + 0.5)::double as entry_age_latest, sector as sector_code,
       programme as programme_codes, 'cluster_organisation' as unit_kind, true as is_synthetic
from (values
    (1, 'died', false, 1.0, 1.0, null, 4.0, 'food', 'P'), (2, 'died', false, 2.0, 2.0, null, 4.0, 'food', 'P'),
    (3, 'restructured', false, 3.0, 3.0, null, 4.0, 'food', 'P'), (4, 'survived', false, 6.0, null, null, 4.0, 'food', null),
    (5, 'died', true, 4.0, 6.0, null, 9.0, 'health', null), (6, 'survived', false, 6.0, null, null, 9.0, 'health', null),
    (7, 'unknown', false, 3.0, null, 6.0, 9.0, 'health', null), (8, 'unknown', false, 0.0, null, 3.0, 9.0, 'health', null),
    (9, 'survived', false, 6.0, null, null, null, 'health', null), (10, 'out_of_scope', false, 5.0, null, null, 9.0, null, null)
) as t(n, exit_group, is_provisional, listed, listed_latest, missed, age, sector, programme)
union all
select printf('JPC-%04d', n), 'harbour_list', 'survived', false, 2.0, null, null, null, null, null, null,
       'cluster_organisation', false
from range(60, 66) as t(n)
order by cluster_id;

create table marts.fct_internationalisation as
select cluster_id, edition_id,
       case when edition_id like '%2013' then case when n <= 20 then 'eu_ongoing' else 'no_information' end
            when position <= 14 then 'eu_ongoing' when position <= 22 then 'eu_past_2001_2012'
            when position <= 32 then 'asia_or_america_only' when position <= 39 then 'open_no_target'
            when position <= 48 then 'no_information' else 'not_interested' end as level_code,
       upper(level_code) as level_printed,
       n % 2 = 0 as has_english_site, n % 3 = 0 as has_international_contact, n % 5 = 0 as has_foreign_agreement,
       n <= 6 as has_rit_participation, n <= 2 as has_escp4i_membership, null::boolean as has_office_abroad,
       2 as n_parts, case when n % 4 = 0 then 3 else 6 end as n_parts_known, n % 5 as ordinal_level, n % 5 as level_lowest, case when n % 4 = 0 then 4 else n % 5 end as level_highest, '1' as method_version, edition_id || '#' || n as row_id, true as is_synthetic
from (
    select *, cast(substr(cluster_id, 5) as int) as n, row_number() over (partition by edition_id order by cluster_id) as position
    from marts.fct_cluster_presence where family = 'cluster_mapping'
);

-- One part: an agreement that 10 have (level 3, else 1), 3 are not known to have (level 2, else 3), 38 have not (level 4,
-- nothing to gain); the last one has no level.
create table marts.fct_internationalisation_sensitivity as
select cluster_id, edition_id, 'has_foreign_agreement' as part_code,
       case when position <= 10 then 'yes' when position <= 13 then 'unknown' when position <= 51 then 'no' else 'unknown' end as value_code,
       case when position <= 10 then 3 when position <= 13 then 2 when position <= 51 then 4 end as ordinal_level,
       case when position <= 10 then 1 when position <= 13 then 3 when position <= 51 then 4 else 3 end as level_if_other,
       level_if_other - ordinal_level as level_change, level_if_other <> ordinal_level as is_moved, '1' as method_version, true as is_synthetic
from (select cluster_id, edition_id, row_number() over (order by cluster_id) as position from marts.fct_internationalisation where edition_id like '%2016');

create table marts.fct_programme_participation as
select 'jetro_rit' as programme_code, 'jetro_rit' as family, 'jetro_rit/fy2016' as edition_id, 2016 as fiscal_year,
       status_code, 'main' as stage_code, null::varchar as strand, sector_printed, null::varchar as jp_prefecture_code,
       partner_country_code, partner_area, is_partner_in_eu,
       case when status_code = 'new' then 'A' when partner_area = 'Asia' then 'C' else 'B' end as trust, false as is_synthetic
from (values
    ('new', 'DE', 'EU', true, 'energy', 1), ('new', 'GB', 'EU', true, 'energy', 1), ('new', 'TW', 'Asia', false, 'machines', 2),
    ('new', 'CH', 'Europe other', false, 'machines', 1), ('new', 'US', 'North America', false, 'aerospace', 1),
    ('new', 'ID', 'Asia', false, 'clean-up', 1), ('renewed', 'DE', 'EU', true, 'life science', 4),
    ('renewed', 'FR', 'EU', true, 'life science', 2), ('renewed', 'TH', 'Asia', false, 'machines', 1),
    ('renewed', 'KR', 'Asia', false, 'machines', 1)
) as t(status_code, partner_country_code, partner_area, is_partner_in_eu, sector_printed, copies), range(copies)
union all
select 'escp4i', 'escp4i', 'escp4i/generation-1', null, null, null, case when n <= 7 then '1' end, 'food', null, null, null, null, 'A', false
from range(1, 13) as t(n);

create table marts.fct_survey_result as
select *, 'published_surveys#' || survey_code || answer as row_id, false as is_synthetic, case when survey_code = 'MAP2013' then 45 when population_n = 23 then 19 end as responses_n,
       'https://example.org/' || lower(survey_code) as cited_source, 'A survey page' as source_title,
       'paragraph 1' as cited_locator, true as is_current
from (values
    ('ESCP4I_GEN2_2018', 'key market', 'JP', true, 7, 19, 36.8, 'eq', 23), ('ESCP4I_GEN2_2018', 'key market', 'US', true, 8, 19, 42.1, 'eq', 23),
    ('ECCP2019', 'experience', 'more than 5 years', false, null, null, 72.0, 'gt', 884),
    ('MINERVA2020', 'challenges', 'lack of funding', false, null, null, null, 'eq', null),
    ('MAP2013', 'data gathered', 'with data', false, 45, 50, 90.0, 'eq', 50), ('PILOT', 'would join again', 'yes', false, 5, 9, null, 'eq', null)
) as t(survey_code, question, answer, is_multiple, n, base_n, percent_printed, comparator_code, population_n);

create table marts.fct_published_figure as
select *, true as is_current, 'eq' as comparator_code, 'A published page' as source_title, 'https://example.org/page' as cited_source, 'line 1' as cited_locator
from (values
    ('F002', 45.0), ('F004', 52.0), ('F149', 16.0), ('F150', 9.0), ('F151', 7.0), ('F161', 25.0), ('F164', 24.0), ('F167', 26.0)
) as t(figure_code, value);

create table marts.fct_programme_total as
select 'METI_ICP' as programme_code, 'projects phase 1' as metric, '2001-2005' as period_printed, 19.0 as value, 'eq' as comparator_code,
       null::varchar as source_title, 'https://example.org/meti' as cited_source, 'section 1' as cited_locator, true as is_current;

create table marts.dim_survey as
select 'ESCP4I_GEN2_2018' as survey_code, 'First consultation' as title, 'A platform' as owner, 'partnerships' as population_printed,
       'survey' as mode_printed, '2018' as fieldwork_start_printed, null::varchar as fieldwork_end_printed, true as is_current;

create table marts.fct_published_aggregate as
select 'cluster_mapping/' || case when category_code = 'with_data' then '2013' else '2016' end as subject_edition_id, *,
       true as is_by_construction, true as is_current,
       'A published page' as source_title, 'https://example.org/page' as cited_source, 'line 51' as cited_locator
from (values
    ('internationalisation', 'eu_ongoing', 14), ('internationalisation', 'eu_past_2001_2012', 8),
    ('internationalisation', 'asia_or_america_only', 10), ('internationalisation', 'open_no_target', 7),
    ('internationalisation', 'no_information', 9), ('internationalisation', 'not_interested', 4),
    ('website', 'english_active', 9), ('website', 'english_static', 17), ('fieldwork', 'with_data', 45),
    ('total', 'cluster_organisations', 52)
) as t(dimension_code, category_code, n);

create table marts.fct_partnership as
select 'P' || n as partnership_code, 'escp4i/generation-1' as edition_id from range(1, 13) as t(n);

create table marts.bridge_partnership_target as
select 'P' || n as partnership_code, 'escp4i/generation-1' as partnership_edition_id, 'JP' as country_code, claim,
       'A paper' as source_title, 'A-PAPER' as cited_source
from range(1, 7) as t(n), (values ('plan'), ('mission')) as c(claim);

create table marts.bridge_partnership_member as
select 'P' || n as partnership_code, case when n % 2 = 0 then 'FR' else 'DE' end as country_code from range(1, 6) as t(n);

create table reports.rpt_control_gap as
select * from (values
    ('K01', 'sum', 'sectors', '=', 'total', '52', '52', 'pass', 'by_construction', 'rows made to meet it', 'A page', 'lines 34-42'),
    ('K04', 'sum', 'status', '=', 'first sentence', '16', '15', 'fail', 'rows', 'sentences differ', 'A paper', 'line 76')
) as t(check_code, rule, left_side, operator, right_side, left_value, right_value, status, basis, explanation, cited_source, cited_locator);

create table reports.rpt_source_conflict as
select 'C01' as conflict_code, 'count' as kind, 'high' as severity, 'RIT projects 2016' as subject, '15 projects' as claim_a,
       'A paper' as source_a, 'A paper' as source_title_a, null::varchar as source_title_b, 'sentence 2' as locator_a, '16 projects' as claim_b, 'A paper' as source_b, 'sentence 3' as locator_b,
       'b' as supported_claim, '16' as supported_value, 'computed' as basis, 'new plus renewed' as reason;

create table reports.rpt_unresolved_mention as
select 'jetro_rit/fy2016/lead/x' as mention_key, 'jetro_rit' as family, 'jetro_rit/fy2016' as edition_id, 'lead' as role,
       '福島県 <script>alert(1)</script>' as name_printed, 'jetro_rit-fy2016#2' as row_id, 'no decision yet' as reason, false as is_blocking;

create table marts.dim_region as
select 'JP-07' as region_code, 'Fukushima' as name_en, '福島県' as name_ja, true as is_current;

create table marts.fct_mention as
select mention_key, role, 'jetro_rit' as family, edition_id, name_printed, null::varchar as name_en_printed, null::varchar as name_ja_printed,
       'JP' as country_printed, 'Fukushima' as region_printed, null::varchar as website_printed, null::varchar as cluster_id,
       'not_identified' as verdict, false as is_synthetic
from reports.rpt_unresolved_mention;

create table reports.rpt_row_account as
select source_id, rows_read, rows_read as rows_placed, 0 as rows_unresolved, 0 as rows_rejected, true as is_balanced from marts.dim_source;

comment on table marts.dim_edition is 'One row per edition of a source.';
comment on column marts.dim_edition.title is 'Title of the edition.';

-- Two ties of real clusters that share a Japanese party, and a made-up one that is never counted with them.
create table marts.fct_partnership_tie as
select cluster_id_jp || '/' || cluster_id_eu as tie_id, * from (values
    ('JPC-0060', 'Harbour 60', 'EUC-0001', 'Northern Port Circle', 'JP-27', 'DE', 'marine', 'JETRO_RIT', false),
    ('JPC-0060', 'Harbour 60', 'EUC-0002', 'Southern Port Circle', 'JP-27', 'FR; IT', null, null, false),
    ('JPC-0001', 'Imaginary Cluster 1', 'EUC-0003', 'Imaginary Circle', null, 'DE', 'food', null, true)
) as t(cluster_id_jp, label_jp, cluster_id_eu, label_eu, jp_prefecture_code, partner_country_codes, sector_codes, programme_codes, is_synthetic);

create table marts.bridge_partnership_tie as
select 'r1/partnership_list' as tie_row_id, 'left_out' as basis, '"A Harbour City" is no cluster' as left_out_reason, false as is_synthetic;

-- No wave with answers.
create table marts.dim_survey_wave (
    edition_id varchar, survey_code varchar, wave varchar, microdata varchar, n_counted integer, is_synthetic boolean
);
create table marts.dim_survey_question (edition_id varchar, question_code varchar, repeat_code varchar);
create table reports.rpt_survey_codebook (edition_id varchar, question_code varchar);

-- Two waves of a made-up survey: by invitation with all dispositions, and by an open link.
create table marts.fct_survey_disposition as
select 'mihon_study/' || wave as edition_id, 'mihon_study' as survey_code, *, true as is_synthetic
from (values
    ('2020', 'complete', 600, 'file'), ('2020', 'partial', 50, 'file'), ('2020', 'break_off', 20, 'file'), ('2020', 'excluded', 3, 'file'),
    ('2020', 'duplicate', 2, 'file'), ('2020', 'invited', 1500, 'card'), ('2020', 'refusal', 180, 'card'), ('2020', 'non_contact', 100, 'card'),
    ('2020', 'other', 50, 'card'), ('2021', 'complete', 12, 'file'), ('2021', 'partial', 3, 'file'), ('2021', 'break_off', 0, 'file')
) as t(wave, disposition, n, origin);

create table marts.fct_survey_design as
select 'mihon_study/' || wave as edition_id, 'mihon_study' as survey_code, *, statement is not null as is_documented,
       statement is not null as is_usable, null::varchar as reason, true as is_synthetic
from (values
    ('2020', 'link', 'closed'), ('2020', 'unit', 'organisation'), ('2020', 'population', null), ('2020', 'eligible_share', '0.5'),
    ('2020', 'eligible_share_basis', 'a call to 100 of those who did not answer'), ('2021', 'link', 'open'), ('2021', 'unit', null)
) as t(wave, aspect, statement);

create table marts.fct_survey_cherries as
select 'mihon_study/2020' as edition_id, 'mihon_study' as survey_code, '2020' as wave, *, true as is_synthetic
from (values (1, 'incentives', 'Incentives offered', '謝礼・特典', null), (2, 'dates', 'Dates of the fieldwork', '調査期間', '2020-03-02 to 2020-03-17'))
as t(item_no, item_code, item_en, item_ja, answer);
