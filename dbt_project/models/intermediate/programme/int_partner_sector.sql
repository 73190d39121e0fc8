-- The sectors of a cluster: coded by the edition, or read from the printed field. A member has the field of its
-- partnership, and the lead and the partner of a project that of the project.
with alias as (
    select
        lower(field_printed) as field_key,
        sector_code
    from {{ ref('sector_alias') }}
    where sector_code is not null
    union
    select
        lower(label) as field_key,
        sector_code
    from {{ ref('int_sector') }}
    where is_current and scheme_code = 'EUJAPAN_2016'
),

field as (
    select row_id, sector_code, sector_printed from {{ ref('int_entry') }}
    union all
    select row_id, cast(null as {{ dbt.type_string() }}) as sector_code, sector_printed
    from {{ ref('stg_partnership_list__partnership') }}
),

stated as (
    select
        placement.cluster_id,
        field.sector_code,
        field.sector_printed,
        'own' as basis,
        field.row_id
    from field
    inner join {{ ref('int_mention_placement') }} as placement on field.row_id = placement.row_id
    where placement.cluster_id is not null
    union all
    select
        member.cluster_id,
        cast(null as {{ dbt.type_string() }}) as sector_code,
        partnership.sector_printed,
        'partnership' as basis,
        partnership.row_id
    from {{ ref('int_partnership_member') }} as member
    inner join {{ ref('int_partnership') }} as partnership
        on member.partnership_code = partnership.partnership_code
        and partnership.partnership_type = 'consortium'
    where member.cluster_id is not null
),

coded as (
    select
        stated.cluster_id,
        coalesce(stated.sector_code, alias.sector_code) as sector_code,
        stated.sector_printed,
        lower(stated.sector_printed) as field_key,
        stated.basis,
        stated.row_id
    from stated
    left join alias on stated.sector_code is null and lower(stated.sector_printed) = alias.field_key
    where stated.sector_code is not null or stated.sector_printed is not null
),

final as (
    select
        cluster_id,
        sector_code,
        field_key,
        min(sector_printed) as sector_printed,
        min(basis) as basis,
        min(row_id) as row_id
    from coded
    group by cluster_id, sector_code, field_key
)

select * from final
