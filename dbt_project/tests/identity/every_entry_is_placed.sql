-- Only a warning in a build: the release refuses what is_blocking says, and an edition may be declared provisional.
{{ config(severity='warn') }}

select
    mention_key,
    'Nobody has placed ' || coalesce(name_printed, 'the unnamed entry') || ' of ' || edition_id || ' (' || reason
    || '). Add a decision for ' || mention_key || ' to decisions.csv.' as problem
from {{ ref('rpt_unresolved_mention') }}
where role = 'entry' and reason not like 'Nobody could be identified: %'
