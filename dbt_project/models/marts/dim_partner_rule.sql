select
    rule_code,
    weight,
    parameter,
    figure_code,
    sentence_en,
    sentence_ja,
    definition
from {{ ref('partner_rule') }}
