-- The edition is there and the row is not: the key was mistyped or the file changed. A synthetic row whose edition was
-- replaced by a real one waits for its return instead (decision_waits_for_its_edition).
with missing as (
    select
        decision.*,
        decision.edition_id || '/' as key_start
    from {{ ref('int_dormant_decision') }} as decision
    where not decision.is_waiting
),

nearest as (
    select
        missing.register_file,
        missing.line_number,
        max_by(mention.mention_key, jaro_winkler_similarity(missing.mention_key, mention.mention_key)) as mention_key
    from missing
    inner join {{ ref('int_mention') }} as mention on missing.edition_id = mention.edition_id
    where jaro_winkler_similarity(missing.mention_key, mention.mention_key) > 0.9
    group by missing.register_file, missing.line_number
)

select
    missing.register_file,
    missing.line_number,
    'decision on ' || missing.mention_key || ': the mention does not exist. Found: the edition ' || missing.edition_id
    || ' has no such row in this role' || coalesce(' (did you mean ' || nearest.mention_key || '?)', '')
    || '. Expected: the key of a printed row.' as problem,
    'correct the key; if the printed row changed, withdraw the decision and decide on the new row' as remedy
from missing
left join nearest on missing.register_file = nearest.register_file and missing.line_number = nearest.line_number
