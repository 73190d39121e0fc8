-- Only a warning: an edition may have been replaced by another file, and its decisions wait for its return.
{{ config(severity='warn') }}

select
    decision.mention_key,
    'The decision on ' || decision.mention_key || ' in ' || decision.register_file
    || ' names no mention of an active source. If the printed row changed, withdraw it and decide anew.' as problem
from {{ ref('stg_registry__decision') }} as decision
left join {{ ref('int_mention') }} as mention on decision.mention_key = mention.mention_key
where not decision.is_withdrawn and mention.mention_key is null
