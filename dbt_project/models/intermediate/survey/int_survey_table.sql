-- The wide tables: one for the responses of a wave, one for each of its repeats. Once they are known their views are
-- made.
{{ config(post_hook="{{ survey_views(this) }}") }}

-- Names come from codes that others chose: what does not fit between quotation marks is taken out.
select
    source_id,
    survey_code,
    wave,
    edition_id,
    is_synthetic,
    wide_table,
    repeat_code,
    wide_file,
    regexp_replace(wide_table, '[^\p{L}\p{N}_]', '_', 'g') as view_name
from {{ ref('stg_survey__file') }}
