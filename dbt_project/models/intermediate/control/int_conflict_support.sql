-- Which claim of a contradiction holds: by tests where a count or a check decides, else by a reviewed row.
with

contradiction as (
    select conflict_code from {{ ref('int_source_contradiction') }}
    where is_current
),

-- A relation other than equality can contradict a claim and cannot support it: other numbers would pass as well.
claim as (
    select
        conflict_code,
        claim,
        bool_and(is_met) as is_met,
        bool_or(relation = '=') as is_exact,
        min_by(stated_words, test_number) as stated_words,
        bool_or(is_from_rows) as has_rows,
        bool_or(not is_from_rows) as has_figures,
        {{ dbt.listagg('test_sentence', "'; '", 'order by test_number') }} as reason
    from {{ ref('int_conflict_test') }}
    group by conflict_code, claim
),

decided as (
    select
        conflict_code,
        coalesce(bool_or(is_met and is_exact) filter (where claim = 'a'), false) as is_a,
        coalesce(bool_or(is_met and is_exact) filter (where claim = 'b'), false) as is_b,
        max(stated_words) filter (where claim = 'a') as text_a,
        max(stated_words) filter (where claim = 'b') as text_b,
        bool_or(has_rows) as has_rows,
        bool_or(has_figures) as has_figures,
        max(case when is_met and not is_exact then claim end) as open_claim,
        {{ dbt.listagg('reason', "'; '", 'order by claim') }} as reason
    from claim
    group by conflict_code
),

computed as (
    select
        conflict_code,
        case
            when open_claim is not null then 'undecided'
            when is_a and is_b then 'both'
            when is_a then 'a'
            when is_b then 'b'
            else 'neither'
        end as supported_claim,
        case
            when open_claim is not null then null
            when is_a and is_b and text_a <> text_b then text_a || ' and ' || text_b
            when is_a then text_a
            when is_b then text_b
        end as supported_value,
        case when has_rows and has_figures then 'both' when has_rows then 'rows' else 'published figures' end
            as evidence,
        upper(left(reason, 1)) || substr(reason, 2)
        || case open_claim
            when 'a' then '; the first claim is not contradicted, which does not show that it is right'
            when 'b' then '; the second claim is not contradicted, which does not show that it is right'
            else ''
        end as reason
    from decided
),

reviewed as (
    select * from {{ ref('conflict_resolution') }}
),

final as (
    select
        contradiction.conflict_code,
        coalesce(computed.supported_claim, reviewed.supported_claim, 'undecided') as supported_claim,
        coalesce(computed.supported_value, reviewed.supported_value) as supported_value,
        case when computed.conflict_code is not null then 'computed' else 'reviewed' end as basis,
        computed.evidence,
        coalesce(computed.reason, reviewed.reason, 'No control and no reviewed row decides this yet') as reason,
        reviewed.decided_by,
        reviewed.decided_on
    from contradiction
    left join computed on contradiction.conflict_code = computed.conflict_code
    left join reviewed on contradiction.conflict_code = reviewed.conflict_code
)

select * from final
