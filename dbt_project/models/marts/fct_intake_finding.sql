select
    said.source_id,
    edition.edition_id,
    said.finding_number,
    said.code,
    said.outcome,
    said.place,
    said.place_ja,
    said.sentence_en,
    said.sentence_ja,
    edition.is_synthetic
from {{ ref('int_source_finding') }} as said
inner join {{ ref('int_edition') }} as edition on said.source_id = edition.source_id
