-- The wide tables: one for the responses of a wave, one for each of its repeats. Once they are known their views are
-- made.
{{ config(post_hook="{{ survey_views(this) }}") }}

-- Names come from codes that others chose: what does not fit between quotation marks is taken out, and where two waves
-- come to one name (a wave b_c of a survey a, a wave c of a survey a_b) all but the first have their number behind it.
with named as (
    select
        source_id,
        survey_code,
        wave,
        edition_id,
        is_synthetic,
        wide_table,
        repeat_code,
        wide_file,
        lower(regexp_replace(wide_table, '[^\p{L}\p{N}_]', '_', 'g')) as plain_name
    from {{ ref('stg_survey__file') }}
),

numbered as (
    select
        *,
        row_number() over (partition by plain_name order by source_id, wide_table, wide_file) as same_no
    from named
)

select
    * exclude (plain_name, same_no),
    plain_name || case when same_no > 1 then '__' || same_no else '' end as view_name
from numbered
