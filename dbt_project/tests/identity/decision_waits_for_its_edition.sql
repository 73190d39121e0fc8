-- Only a warning: an edition may be taken away or replaced for a time, and its decisions wait for its return.
{{ config(severity='warn') }}

select
    register_file,
    line_number,
    'decision on ' || mention_key || ': its edition is not among the active sources. Found: no rows of ' || edition_id
    || ' that it could speak of. Expected: an active edition.' as problem,
    'nothing, if the edition is to come back; otherwise correct the key or withdraw the decision' as remedy
from {{ ref('int_dormant_decision') }}
where is_waiting and split_part(mention_key, '/', 3) <> ''
