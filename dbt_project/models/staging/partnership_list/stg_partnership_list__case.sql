with

landed as (
    {{ landed_rows('partnership_list__case') }}
),

final as (
    select
        row_id,
        source_id,
        family,
        edition,
        {{ edition_id() }} as edition_id,
        is_synthetic,
        entry_key,
        {{ corrected('entry_no') }} as case_code,
        {{ corrected('title') }} as title,
        {{ corrected('party_eu') }} as party_eu_printed,
        {{ corrected('country') }} as partner_countries_printed,
        {{ corrected('party_jp') }} as party_jp_printed,
        {{ corrected('sector') }} as sector_printed,
        {{ corrected('case_kind') }} as case_kind_printed,
        {{ corrected('first_contact') }} as first_contact_printed,
        {{ corrected('agreement_date') }} as agreement_date_printed,
        {{ corrected('policy_support') }} as policy_support_printed,
        {{ corrected('cited_source') }} as cited_source,
        {{ corrected('cited_locator') }} as cited_locator,
        {{ corrected('trust') }} as trust,
        {{ corrected('note') }} as note
    from landed
)

select * from final
