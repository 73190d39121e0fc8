-- What an organisation list itself prints about work abroad, one row per printed cell and part; a cell that says
-- nothing has no value, and the words say what stands there.
{% set boolean_parts = [
    'has_english_site', 'has_international_contact', 'has_foreign_agreement', 'has_office_abroad'
] %}
with organisation as (
    {{ with_citation(ref('stg_organisation_list__organisation')) }}
),

header as (
    select
        source_id,
        our_column,
        min(printed_column) as printed_column
    from {{ ref('int_source_column') }}
    where our_column is not null
    group by source_id, our_column
),

area as (
    select * from {{ ref('int_country_area') }}
),

part as (
    select part_code from {{ ref('internationalisation_part') }}
    where part_code in ('eu_relation', 'target_areas')
),

relation as (
    select row_id, source_id, reference_date, foreign_relations from organisation
    where foreign_relations like '%(%'
),

cell as (
    {% for part in boolean_parts -%}
    select
        row_id, source_id,
        '{{ part }}' as part_code,
        '{{ part }}' as our_column,
        {{ part }} as text_printed,
        case {{ printed_boolean('coalesce(' ~ part ~ '_read, ' ~ part ~ ')') }}
            when true then 'yes' when false then 'no'
        end as value_code
    from organisation
    union all
    {% endfor -%}
    -- the state of the web site speaks where the answer does not
    select
        organisation.row_id, organisation.source_id,
        'has_english_site', 'website_status', organisation.website_status,
        case when status.has_english_site then 'yes' when not status.has_english_site then 'no' end
    from organisation
    left join {{ ref('website_status') }} as status on organisation.website_status_code = status.website_status_code
    where {{ printed_boolean('coalesce(organisation.has_english_site_read, organisation.has_english_site)') }} is null
    union all
    select
        row_id, source_id, 'has_rit_participation', 'programme_links', programme_links,
        case
            when regexp_replace(lower(programme_links), '(^|[^a-z])rit([^a-z]|$)', '') <> lower(programme_links)
                then 'yes'
            when programme_links is not null then 'no'
        end
    from organisation
    union all
    select
        row_id, source_id, 'has_escp4i_membership', 'programme_links', programme_links,
        case when lower(programme_links) like '%escp%' then 'yes' when programme_links is not null then 'no' end
    from organisation
    union all
    select
        organisation.row_id, organisation.source_id,
        part.part_code, 'internationalisation_level', organisation.internationalisation_level,
        case part.part_code when 'eu_relation' then level.eu_relation_code else level.target_area_code end
    from organisation
    cross join part
    left join {{ ref('internationalisation_level') }} as level
        on organisation.internationalisation_level_code = level.internationalisation_level_code
    union all
    select
        organisation.row_id, organisation.source_id,
        part.part_code, 'foreign_relations', organisation.foreign_relations, null
    from organisation
    cross join part
    union all
    -- countries stand in brackets behind the partner; the relation is stated without a date
    select
        relation.row_id, relation.source_id, part.part_code, 'foreign_relations', relation.foreign_relations,
        case part.part_code when 'target_areas' then area.partner_area else 'undated' end
    from relation
    inner join area
        on relation.reference_date between area.valid_from and area.valid_to
        and relation.foreign_relations like '%' || area.country_code || '%'
        and regexp_replace(
            relation.foreign_relations, '[(]([^)]*[^A-Za-z)])?' || area.country_code || '([^A-Za-z)][^)]*)?[)]', ''
        ) <> relation.foreign_relations
    inner join part on part.part_code = 'target_areas' or area.is_in_eu
)

select distinct
    cell.row_id,
    cell.part_code,
    cell.value_code,
    coalesce(organisation.source_address, organisation.cited_source) as evidence_address,
    case
        when header.printed_column is null then 'stated by the card for the whole list: "' || cell.text_printed || '"'
        when cell.text_printed is null then '"' || header.printed_column || '" is empty in the row'
        -- who the contact is must not come through
        when cell.our_column = 'has_international_contact' and cell.value_code is null
            then '"' || header.printed_column || '" says neither yes nor no'
        else '"' || header.printed_column || '" printed "' || cell.text_printed || '"'
        || case
            when cell.our_column = 'programme_links' and cell.value_code = 'no' then ', the programme is not among them'
            else ''
        end
    end as basis
from cell
inner join organisation on cell.row_id = organisation.row_id
left join header on cell.source_id = header.source_id and cell.our_column = header.our_column
where header.printed_column is not null or cell.value_code is not null
