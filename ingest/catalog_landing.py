"""Land what the cards themselves say, and the registry files that stand beside drop-in sources.

Belongs here: one row per active source, one row per printed column, the user's own registry rows. Does not belong
here: the rows of the sources (``landing``).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.catalog import REGISTRY_FILES, Catalog
from ingest.landing import Landed, write_named
from ingest.printed_table import read_printed_table
from ingest.problem import Problem, SourceError, nearest
from ingest.source_card import SourceCard

if TYPE_CHECKING:
    import pyarrow as pa

REGISTRY_COLUMNS: dict[str, tuple[str, ...]] = {
    "cluster": ("cluster_id", "unit_kind", "label", "country_code", "is_synthetic", "minted_on", "note"),
    "decision": (
        "mention_key",
        "cluster_id",
        "verdict",
        "reason",
        "evidence_address",
        "decided_by",
        "decided_on",
        "withdrawn_on",
        "withdrawn_reason",
    ),
    "event": (
        "event_id",
        "event_type",
        "clusters_before",
        "clusters_after",
        "date_earliest",
        "date_latest",
        "evidence_kind",
        "evidence_address",
        "strength",
        "is_synthetic",
        "recorded_by",
        "recorded_on",
        "note",
    ),
}


def land_catalog(catalog: Catalog, landed: Mapping[str, Landed], raw: Path) -> None:
    """Write ``catalog__source``, ``catalog__column`` and the ``registry__*`` files of the raw folder.

    Raises:
        SourceError: a registry file with another header than the register's.
    """
    import pyarrow as pa

    write_named(
        pa.Table.from_pylist([_source_row(card, landed[card.source_id]) for card in catalog.cards], _source_schema()),
        raw / "catalog__source" / "catalog",
    )
    rows = [row for card in catalog.cards for row in _column_rows(card, landed[card.source_id].header)]
    write_named(pa.Table.from_pylist(rows, _column_schema()), raw / "catalog__column" / "catalog")
    for thing, file_name in REGISTRY_FILES.items():
        files = [folder / file_name for folder in catalog.registries if (folder / file_name).is_file()]
        write_named(_registry_table(thing, files), raw / f"registry__{thing}" / "overlay")


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
    )
    return pa.schema([(name, types.get(name, pa.string())) for name in names])


def _column_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema(
        [
            ("source_id", pa.string()),
            ("printed_column", pa.string()),
            ("column_number", pa.int32()),
            ("our_column", pa.string()),
        ]
    )


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
        "file_sha256": content["sha256"],
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
    }


def _column_rows(card: SourceCard, header: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "source_id": card.source_id,
            "printed_column": printed,
            "column_number": number,
            "our_column": card.column_map[printed],
        }
        for number, printed in enumerate(header, start=1)
    ]


def _registry_table(thing: str, files: Sequence[Path]) -> pa.Table:
    import pyarrow as pa

    names = REGISTRY_COLUMNS[thing]
    rows: list[dict[str, str | None]] = []
    for path in files:
        table = read_printed_table(path)
        if set(table.header) != set(names):
            odd = sorted(set(table.header) ^ set(names))
            raise SourceError(
                [
                    Problem(
                        "the registry file has another header than the register",
                        f"{path}, row 1",
                        ", ".join(table.header) + nearest(odd[0], names),
                        ", ".join(names),
                        "use the register's header; empty cells are allowed",
                    )
                ]
            )
        rows += [
            {name: cell.strip() or None for name, cell in zip(table.header, cells, strict=True)}
            for _, cells in table.rows
        ]
    return pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in names]))
