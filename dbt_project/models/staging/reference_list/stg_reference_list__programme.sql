with

landed as (
    {{ landed_rows('reference_list__programme') }}
),

programme_alias as (
    select * from {{ ref('programme_alias') }}
),

printed as (
    select
        {{ row_place() }},
        {{ corrected('programme') }} as programme_printed,
        {{ corrected('name_en') }} as name_en,
        {{ corrected('name_ja') }} as name_ja,
        {{ corrected('owner') }} as owner_printed,
        {{ corrected('managed_by') }} as managed_by_printed,
        try_cast({{ corrected('first_year') }} as integer) as first_year,
        try_cast({{ corrected('last_year') }} as integer) as last_year,
        {{ corrected('aim') }} as aim_printed,
        {{ corrected('successor_of') }} as successor_of_printed,
        {{ row_citation() }}
    from landed
),

final as (
    select
        printed.*,
        coalesce(
            programme_alias.programme_code, upper(replace(replace(printed.programme_printed, ' ', '_'), '-', '_'))
        ) as programme_code
    from printed
    left join programme_alias on printed.programme_printed = programme_alias.alias
)

select * from final
