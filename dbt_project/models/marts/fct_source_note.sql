select
    said.source_id,
    edition.edition_id,
    said.row_number,
    said.kind as note_kind,
    said.text as note_text,
    edition.is_synthetic
from {{ ref('int_source_note') }} as said
inner join {{ ref('int_edition') }} as edition on said.source_id = edition.source_id
