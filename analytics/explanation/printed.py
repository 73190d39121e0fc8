"""Printed cells, files and documents behind rows.

Belongs here: the way from row ids to what stands on paper. Does not belong here: what was decided about it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.explanation.explanation import Section

if TYPE_CHECKING:
    import duckdb

# Columns of ours by which a body is recognised; an explanation of a cluster shows these cells of its rows.
IDENTITY = (
    "name", "name_en", "name_ja", "lead_name", "lead_name_ja", "core_organisation", "promoting_body", "partner_name",
    "party_jp", "party_eu", "partnership", "country", "lead_country", "partner_country", "partner_region",
    "prefecture", "lead_prefecture", "founded", "website", "cited_source", "cited_locator",
)  # fmt: skip

# As the marts join the steps of a reading.
STEPS_JOINED_BY = " | "

CELLS = """
    select cell.row_id, source.file_name, source.sheet, cell.cell_address, cell.printed_column as heading,
           cell.value_printed as printed, cell.our_column as read_as,
           case when cell.reading_state = 'given' then nullif(cell.value_read, cell.value_printed)
                else nullif(cell.reading_state, 'blank') end as value_read,
           cell.reading_steps, cell.cell_note as note, cell.cell_link as link, cell.cell_marks as marks,
           source.file_sha256, cell.is_synthetic
    from marts.fct_printed_cell as cell
    join marts.dim_source as source using (source_id)
    where list_contains($rows, cell.row_id) and ($every or list_contains($identity, cell.our_column))
    order by source.file_name, cell.row_number, cell.column_number
"""
FILES = """
    select source.file_name, source.title, source.publisher_name as publisher, source.page_address as page,
           source.obtained, source.file_sha256 as sha256, source.reviewed_by, source.reviewed_on, source.source_id,
           source.licence_name as licence, source.is_synthetic
    from marts.dim_source as source
    where list_contains($sources, source.source_id)
    order by source.source_id
"""
STRUCK = """
    select mention.mention_key, mention.name_printed, mention.row_id
    from marts.fct_mention as mention
    where list_contains($rows, mention.row_id) and mention.is_struck
    order by all
"""
CITED = """
    select distinct cell.row_id, document.title, coalesce(document.address, cited.value_printed) as address,
           place.value_printed as place, trust.value_printed as trust
    from marts.fct_printed_cell as cell
    join marts.fct_printed_cell as cited on cited.row_id = cell.row_id and cited.our_column = 'cited_source'
    left join marts.fct_printed_cell as place on place.row_id = cell.row_id and place.our_column = 'cited_locator'
    left join marts.fct_printed_cell as trust on trust.row_id = cell.row_id and trust.our_column = 'trust'
    left join marts.dim_document as document on document.document_code = cited.value_printed and document.is_current
    where list_contains($rows, cell.row_id)
    order by all
"""
CORRECTIONS = """
    select correction.correction_id, correction.column_name as column_read, correction.value_printed,
           correction.value_read, correction.reason, correction.evidence_address, correction.decided_by,
           correction.decided_on, correction.withdrawn_on, correction.row_id
    from marts.fct_correction as correction
    where list_contains($rows, correction.row_id)
    order by all
"""


def printed_sections(
    connection: duckdb.DuckDBPyConnection, row_ids: Collection[str], *, every_cell: bool, cells: Collection[str] = ()
) -> list[Section]:
    """Cells, the documents they were read in, corrections of them, and the files with their hashes.

    ``cells``: columns of ours that matter here beside those by which a body is recognised.
    """
    rows = sorted({row for row in row_ids if row})
    sources = sorted({row.rpartition("#")[0] for row in rows})
    known = {"rows": rows, "every": every_cell, "identity": [*IDENTITY, *cells]}
    words = _step_words(connection)
    printed = [_worded(row, words) for row in fetch_rows(connection, CELLS, known)]
    return [
        Section("Printed cells", printed, frozenset({"file_sha256", "is_synthetic", "row_id", "how_read_ja"})),
        Section("Struck through in the file", fetch_rows(connection, STRUCK, {"rows": rows})),
        Section("Read in", fetch_rows(connection, CITED, {"rows": rows})),
        Section("Corrections", fetch_rows(connection, CORRECTIONS, {"rows": rows})),
        Section(
            "Files",
            fetch_rows(connection, FILES, {"sources": sources}),
            frozenset({"source_id", "licence", "publisher", "title", "obtained"}),
        ),
    ]


def _step_words(connection: duckdb.DuckDBPyConnection) -> dict[str, Row]:
    return {row["step_code"]: row for row in fetch_rows(connection, "from marts.dim_reading_step")}


def _worded(cell: Row, words: dict[str, Row]) -> Row:
    """The cell with its reading steps in words, in English and Japanese, instead of codes."""
    steps = [step.partition(":") for step in (cell.get("reading_steps") or "").split(STEPS_JOINED_BY) if step]
    told = {
        f"how_read{suffix}": "; ".join(
            words[code][column].replace("{}", argument) if code in words else code for code, _, argument in steps
        )
        or None
        for suffix, column in (("", "text_en"), ("_ja", "text_ja"))
    }
    shown: Row = {}
    for name, value in cell.items():
        shown |= told if name == "reading_steps" else {name: value}
    return shown
