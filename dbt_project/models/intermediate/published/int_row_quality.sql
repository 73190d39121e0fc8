-- Measures of the transcribed rows of each edition: trust, blanks, citations.
with

cited as (
    select * from {{ ref('int_cited_row') }}
),

counted as (
    select
        edition_id as subject,
        count(*) as base_n,
        count(*) filter (where trust = 'A') as n_trust_a,
        count(*) filter (where trust = 'B') as n_trust_b,
        count(*) filter (where trust = 'C') as n_trust_c,
        count(*) filter (where trust is null) as n_trust_blank,
        count(*) filter (where cited_locator is null) as n_locator_blank,
        count(*) filter (where is_value_blank) as n_value_blank,
        count(distinct cited_source) as n_cited_source
    from cited
    group by edition_id
)

{% for measure, text in {
    'trust_a': 'rows said by the issuer or a participant (trust A)',
    'trust_b': 'rows that are second-hand (trust B)',
    'trust_c': 'rows that are inferred and not stated (trust C)',
    'trust_blank': 'rows without a trust grade',
    'locator_blank': 'rows without a place in the cited source',
    'value_blank': 'rows whose main value is blank',
}.items() %}
select
    '{{ measure }}' as measure_code,
    subject,
    '{{ text }}' as description,
    n_{{ measure }} as n,
    base_n
from counted
union all
{% endfor %}
select
    'cited_source' as measure_code,
    subject,
    'documents and addresses that the rows are cited from' as description,
    n_cited_source as n,
    cast(null as bigint) as base_n
from counted
