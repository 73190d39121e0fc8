with

landed as (
    {{ landed_rows('partnership_list__case') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('entry_no') }} as case_code,
        {{ corrected('title') }} as title,
        {{ corrected('party_eu') }} as party_eu_printed,
        {{ corrected('country') }} as partner_countries_printed,
        {{ corrected('party_jp') }} as party_jp_printed,
        {{ corrected('sector') }} as sector_printed,
        {{ corrected('case_kind') }} as case_kind_printed,
        {{ corrected('first_contact') }} as first_contact_printed,
        {{ corrected('agreement_date') }} as agreement_date_printed,
        {{ corrected_read('agreement_date') }} as agreement_date_read,
        {{ corrected('policy_support') }} as policy_support_printed,
        {{ row_citation() }}
    from landed
)

select * from final
