with

landed as (
    {{ landed_rows('published_figures__contradiction') }}
),

final as (
    select
        {{ row_place() }},
        {{ corrected('entry_no') }} as conflict_code,
        {{ corrected('contradiction_kind') }} as kind,
        {{ corrected('severity') }} as severity,
        {{ corrected('subject') }} as subject,
        {{ corrected('claim_a') }} as claim_a,
        {{ corrected('claim_b') }} as claim_b,
        {{ corrected('cited_source_b') }} as cited_source_b,
        {{ corrected('cited_locator_b') }} as cited_locator_b,
        {{ corrected('suggested_rule') }} as suggested_rule,
        {{ corrected('resolution_evidence') }} as resolution_evidence,
        {{ row_citation() }}
    from landed
)

select * from final
