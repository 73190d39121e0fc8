-- What our own rows of the edition give for a published total or part of a total.
with

subject as (
    select
        stated.*,
        category.column_name,
        category.code,
        case
            when stated.subject_edition_printed like '%/%' then stated.subject_edition_printed
            else coalesce(category.subject_family || '/', '') || stated.subject_edition_printed
        end as subject_edition_id
    from {{ ref('int_published_aggregate') }} as stated
    left join {{ ref('aggregate_category') }} as category
        on stated.dimension_code = category.dimension_code
        and stated.category_code = category.category_code
),

entry as (
    select * from {{ ref('int_entry') }}
),

counted as (
    select
        subject.row_id,
        count(entry.row_id) as n_rows,
        coalesce(bool_or(entry.is_synthetic), false) as is_by_construction,
        count(entry.row_id) filter (
            where case subject.column_name
                when 'edition_row' then true
                when 'listed' then not entry.is_contacted_only
                when 'sector' then not entry.is_contacted_only and entry.sector_code = subject.code
                when 'website_status'
                    then not entry.is_contacted_only and entry.website_status_code = subject.code
                when 'internationalisation_level'
                    then not entry.is_contacted_only and entry.internationalisation_level_code = subject.code
            end
        ) as n_matching
    from subject
    left join entry on subject.subject_edition_id = entry.edition_id
    group by subject.row_id
),

final as (
    select
        subject.*,
        cast(case when counted.n_rows > 0 and subject.column_name is not null then counted.n_matching end as integer)
            as n_own,
        counted.is_by_construction
    from subject
    inner join counted on subject.row_id = counted.row_id
)

select * from final
