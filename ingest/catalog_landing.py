"""Land what the cards and the reading of their files say, and the register of identity.

Belongs here: one row per active source, per printed column, per note and finding of a file, the words for the steps of
a reading, the rows of the register. Does not belong here: the rows of the sources (``landing``), reading a register
file (``register``).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.catalog import Catalog
from ingest.landing import Landed, write_named
from ingest.problem import Problem, SourceError
from ingest.registry.landing import FILE_NAMES, register_table
from ingest.source_card import SourceCard
from ingest.survey.export_mark import published_hash
from ingest.survey.landing import home_of
from ingest.values.tables import read_values_table

if TYPE_CHECKING:
    import pyarrow as pa

PUBLISHED_CLUSTER = "release__cluster"
RECORD = "intake.json"


def land_catalog(catalog: Catalog, landed: Mapping[str, Landed], raw: Path) -> None:
    """Write the ``catalog__*`` and ``registry__*`` files of the raw folder.

    Raises:
        SourceError: register files that cannot be read or have another header, all of them together; or the key of the
            home cannot be used, which the hashes of withheld surveys are made with.
    """
    import pyarrow as pa

    replaced = {(card.family, card.edition): card.source_id for card in catalog.replaced}
    sources = [
        {
            **_source_row(card, landed[card.source_id]),
            "file_sha256": published_hash(card, home_of(raw)),
            "replaces_source_id": replaced.get((card.family, card.edition)),
        }
        for card in catalog.cards
    ]
    write_named(pa.Table.from_pylist(sources, _source_schema()), raw / "catalog__source" / "catalog")
    for thing, rows_of in (("column", _column_rows), ("note", _note_rows), ("finding", _finding_rows)):
        rows = [row for card in catalog.cards for row in rows_of(card, landed[card.source_id])]
        write_named(pa.Table.from_pylist(rows, _schema_of(thing)), raw / f"catalog__{thing}" / "catalog")
    steps = [{"step": row["step"], "text_en": row["en"], "text_ja": row["ja"]} for row in read_values_table("steps")]
    write_named(pa.Table.from_pylist(steps, _schema_of("reading_step")), raw / "catalog__reading_step" / "catalog")
    land_register(catalog, raw)


def land_register(catalog: Catalog, raw: Path) -> None:
    """Write the rows of all register files, and an empty stand-in for the clusters of the last release.

    Raises:
        SourceError: as ``land_catalog``.
    """
    tables: dict[str, pa.Table] = {}
    problems: list[Problem] = []
    for thing in FILE_NAMES:
        try:
            tables[thing] = register_table(thing, [file for file in catalog.register if file.thing == thing])
        except SourceError as error:
            problems += error.problems
    if problems:
        raise SourceError(problems)
    for thing, table in tables.items():
        folder = raw / f"registry__{thing}" / "register"
        write_named(table, folder)
        for stale in folder.parent.glob("*/*.parquet"):
            if stale.parent != folder:
                stale.unlink()
    write_named(published_cluster_schema().empty_table(), raw / PUBLISHED_CLUSTER / "_empty")


def published_cluster_schema() -> pa.Schema:
    """Columns of ``release__cluster``: what the last release says of each id."""
    import pyarrow as pa

    types = {"is_synthetic": pa.bool_(), "minted_on": pa.date32(), "line_number": pa.int32()}
    names = (
        *("release_id", "cluster_id", "unit_kind", "label", "country_code", "is_synthetic", "minted_on"),
        *("register_file", "line_number"),
    )
    return pa.schema([(name, types.get(name, pa.string())) for name in names])


def _source_schema() -> pa.Schema:
    import pyarrow as pa

    types = {
        "is_official": pa.bool_(),
        "is_synthetic": pa.bool_(),
        "accessed": pa.date32(),
        "reference_date": pa.date32(),
        "reviewed_on": pa.date32(),
        "expected_rows_min": pa.int32(),
        "expected_rows_max": pa.int32(),
        "rows_read": pa.int32(),
        "revision": pa.int32(),
    }
    names = (
        "source_id",
        "kind",
        "table_name",
        "family",
        "edition",
        "title",
        "publisher_name",
        "publisher_country",
        "is_official",
        "page_address",
        "file_name",
        "file_sha256",
        "published",
        "accessed",
        "reference_date",
        "language",
        "licence_name",
        "licence_address",
        "obtained",
        "obtained_note",
        "reviewed_by",
        "reviewed_on",
        "scope_rule",
        "status",
        "is_synthetic",
        "expected_rows_min",
        "expected_rows_max",
        "known_gaps",
        "rows_read",
        "replaces_source_id",
        "file_kind",
        "encoding",
        "header_rows",
        "sheet",
        "revision",
    )
    return pa.schema([(name, types.get(name, pa.string())) for name in names])


# Further tables of the catalog: their columns of text, and those that are numbers.
TABLES = {
    "column": (("source_id", "printed_column", "our_column", "read_as"), ("column_number",)),
    "note": (("source_id", "kind", "text"), ("row_number",)),
    "finding": (
        ("source_id", "code", "outcome", "place", "place_ja", "sentence_en", "sentence_ja"),
        ("finding_number",),
    ),
    "reading_step": (("step", "text_en", "text_ja"), ()),
}


def _schema_of(thing: str) -> pa.Schema:
    import pyarrow as pa

    texts, numbers = TABLES[thing]
    return pa.schema([*((name, pa.string()) for name in texts), *((name, pa.int32()) for name in numbers)])


def _source_row(card: SourceCard, landed: Landed) -> dict[str, Any]:
    content = card.content
    fewest, most = card.expected_rows
    day = datetime.date.fromisoformat
    return {
        "source_id": card.source_id,
        "kind": card.kind,
        "table_name": card.table,
        "family": card.family,
        "edition": card.edition,
        "title": content["title"],
        "publisher_name": content["publisher"]["name"],
        "publisher_country": content["publisher"]["country"],
        "is_official": content["publisher"]["official"],
        "page_address": content["page_address"],
        "file_name": card.file.name,
        "published": content["published"],
        "accessed": day(content["accessed"]),
        "reference_date": day(content["reference_date"]),
        "language": ";".join(content["language"]),
        "licence_name": content["licence"]["name"],
        "licence_address": content["licence"].get("address"),
        "obtained": content["obtained"],
        "obtained_note": content.get("obtained_note"),
        "reviewed_by": content["reviewed_by"],
        "reviewed_on": day(content["reviewed_on"]),
        "scope_rule": content["scope_rule"],
        "status": content.get("status", "final"),
        "is_synthetic": card.is_synthetic,
        "expected_rows_min": fewest,
        "expected_rows_max": most,
        "known_gaps": " | ".join(content.get("known_gaps", [])) or None,
        "rows_read": landed.rows_read,
        "file_kind": landed.facts.file_kind,
        "encoding": landed.facts.encoding or None,
        "header_rows": ", ".join(map(str, landed.facts.header_rows)) or None,
        "sheet": landed.facts.sheet or None,
        "revision": _intake_record(card).get("number"),
    }


def _column_rows(card: SourceCard, landed: Landed) -> list[dict[str, Any]]:
    facts, reads = landed.facts, card.layout.reads
    return [
        {
            "source_id": card.source_id,
            "printed_column": printed,
            "column_number": number,
            "our_column": ours,
            "read_as": reads.get(ours or ""),
        }
        for printed, number, ours in zip(facts.header, facts.columns, landed.ours, strict=True)
    ]


def _note_rows(card: SourceCard, landed: Landed) -> list[dict[str, Any]]:
    return [
        {"source_id": card.source_id, "row_number": note.row, "kind": note.kind, "text": note.text}
        for note in landed.facts.notes
    ]


def _finding_rows(card: SourceCard, landed: Landed) -> list[dict[str, Any]]:
    """What was said of a file when it was taken in and when it was read, each thing once."""
    said = [Problem.from_plain(each) for each in _intake_record(card).get("problems", [])]
    found = {(each.code, each.what, each.found): each for each in (*landed.facts.problems, *said)}
    return [
        {
            "source_id": card.source_id,
            "finding_number": number,
            "code": each.code,
            "outcome": str(each.outcome),
            # The folder in which a file lies is nobody's business but of the machine that reads it.
            "place": _without_folder(each.where, card),
            "place_ja": _without_folder(each.ja.where if each.ja else each.where, card),
            "sentence_en": _without_folder(str(each), card),
            "sentence_ja": _without_folder(each.japanese, card),
        }
        for number, each in enumerate(found.values(), start=1)
    ]


def _without_folder(text: str, card: SourceCard) -> str:
    return text.replace(f"{card.path.parent}/", "")


def _intake_record(card: SourceCard) -> dict[str, Any]:
    """What was recorded when the file was accepted from the drop folder; empty for a file that came another way."""
    path = card.path.with_name(RECORD)
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return record
