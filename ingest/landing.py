"""Land a source: rows exactly as printed, under our column names, as Parquet named by content hash.

Belongs here: the strict column and label maps, row numbers, row keys, the files of the raw folder. Does not belong
here: any judgement on a value; every cell stays the text that was printed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.layout import LAYOUTS, layout_of
from ingest.printed_table import PrintedTable, file_sha256, read_printed_table
from ingest.problem import Problem, SourceError, nearest
from ingest.source_card import SourceCard

if TYPE_CHECKING:
    import pyarrow as pa


HEADER_NOTE = "printed_header"
# What every landed row carries before our columns, whatever the kind.
ROW_COLUMNS = (
    *("row_id", "source_id", "family", "edition", "is_synthetic", "file_name", "file_sha256", "sheet", "row_number"),
    *("entry_key", "rejected_reason", "printed"),
)


@dataclass(frozen=True)
class Landed:
    """One landed source: its Parquet file, its printed header, rows read and rows rejected on the way."""

    source_id: str
    path: Path
    header: tuple[str, ...]
    rows_read: int
    rows_rejected: int
    is_reused: bool


def landed_columns(kind: str, table: str) -> tuple[str, ...]:
    """All columns of a landed file of this kind and table, in order."""
    layout = layout_of(kind, table)
    return (*ROW_COLUMNS, *layout.columns, *(f"{column}_code" for column in layout.coded))


def landed_path(card: SourceCard, raw: Path) -> Path:
    """Where the rows of a card land; the name changes with the file, the card and the code that reads them."""
    return raw / f"{card.kind}__{card.table}" / card.source_id / f"{_content_hash(card)}.parquet"


def land_source(card: SourceCard, raw: Path) -> Landed:
    """Land one source under ``raw/<kind>__<table>/<source id>/<hash>.parquet``; nothing to do if it is there already.

    Raises:
        SourceError: missing, empty, altered or malformed file; unknown header or label; unused map entry.
    """
    import pyarrow.parquet as pq

    _check_file(card)
    target = landed_path(card, raw)
    is_reused = target.exists()
    if not is_reused:
        printed = read_printed_table(card.file, card.content.get("sheet"))
        note = {HEADER_NOTE: json.dumps(printed.header, ensure_ascii=False)}
        _write(to_rows(card, printed).replace_schema_metadata(note), target)
    for stale in set(target.parent.glob("*.parquet")) - {target}:
        stale.unlink()
    table = pq.read_table(target, columns=["rejected_reason"])
    rejected = len(table) - table["rejected_reason"].null_count
    header = tuple(json.loads(table.schema.metadata[HEADER_NOTE.encode()]))
    return Landed(card.source_id, target, header, len(table), rejected, is_reused)


def to_rows(card: SourceCard, table: PrintedTable) -> pa.Table:
    """The printed table under our column names, one row per printed row, with its place and key.

    Raises:
        SourceError: a header that the card does not map, a map entry or a label that the file does not use.
    """
    import pyarrow as pa

    problems = _header_problems(card, table)
    if problems:
        raise SourceError(problems)
    position = {ours: table.header.index(printed) for printed, ours in card.column_map.items() if ours is not None}
    constants = card.content.get("constants", {})
    columns: dict[str, list[Any]] = {name: [] for name in landed_columns(card.kind, card.table)}
    seen: set[str | None] = set()
    for number, cells in table.rows:
        ours = {name: _text(cells[place]) for name, place in position.items()}
        is_blank = not any(text.strip() for text in cells)
        if not is_blank:
            ours |= constants
        parts = [" ".join((ours.get(name) or "").split()) for name in card.key]
        key = " | ".join(parts).strip() if any(parts) else None
        entry_key, times = key, 1
        while key is not None and entry_key in seen:
            times += 1
            entry_key = f"{key}#{times}"
        seen.add(entry_key)
        row = {
            **ours,
            "row_id": f"{card.source_id}#{number}",
            "source_id": card.source_id,
            "family": card.family,
            "edition": card.edition,
            "is_synthetic": card.is_synthetic,
            "file_name": card.file.name,
            "file_sha256": card.content["sha256"],
            "sheet": table.sheet,
            "row_number": number,
            "entry_key": entry_key,
            "rejected_reason": "blank row" if is_blank else None,
            "printed": list(zip(table.header, cells, strict=True)),
        }
        for name, values in columns.items():
            values.append(row.get(name))
    _code_labels(card, columns, [number for number, _ in table.rows])
    return pa.table(columns, schema=_schema(card.kind, card.table))


def _text(cell: str) -> str | None:
    return cell.strip() or None


def _check_file(card: SourceCard) -> None:
    if not card.file.is_file() or card.file.is_symlink():
        raise SourceError(
            [
                Problem(
                    "the file of the card is missing",
                    str(card.path),
                    f"no file {card.file.name} beside the card",
                    f"{card.file}",
                    "put the file back, or correct 'file' in the card",
                )
            ]
        )
    found = file_sha256(card.file)
    if found != card.content["sha256"]:
        size = card.file.stat().st_size
        raise SourceError(
            [
                Problem(
                    "the file is empty" if size == 0 else "the file is not the one that was reviewed",
                    str(card.file),
                    f"{size} bytes with SHA-256 {found}",
                    f"SHA-256 {card.content['sha256']} as in {card.path.name}",
                    "put the reviewed file back, or review the new content and write its hash into the card",
                )
            ]
        )


def _header_problems(card: SourceCard, table: PrintedTable) -> list[Problem]:
    """Both ways strict: a header that is not in the card, and a card entry that is not in the header."""
    where = str(card.file) + (f", sheet {table.sheet}" if table.sheet else "")
    unmapped = [name for name in table.header if name not in card.column_map]
    unused = [name for name in card.column_map if name not in table.header]
    problems = [
        Problem(
            f"the column '{name}' is not in the card",
            f"{where}, header",
            f"'{name}'{nearest(name, unused or card.column_map)}",
            f"one of {', '.join(card.column_map)}",
            f"add it under 'columns' in {card.path} (to one of ours, or to ~), or correct the header",
        )
        for name in unmapped
    ]
    problems += [
        Problem(
            f"the card maps a column '{name}' that the file does not have",
            f"{card.path}, field columns > {name}",
            f"the header {', '.join(table.header)}{nearest(name, unmapped or table.header)}",
            f"a column '{name}'",
            "remove the entry from the card, or put the column back",
        )
        for name in unused
    ]
    return problems


def _code_labels(card: SourceCard, columns: dict[str, list[Any]], numbers: Sequence[int]) -> None:
    """Fill ``<column>_code`` from the card's labels, both ways strict."""
    problems: list[Problem] = []
    for name, labels in card.content.get("labels", {}).items():
        printed = columns[name]
        for number, text in zip(numbers, printed, strict=True):
            if text is not None and text not in labels:
                problems.append(
                    Problem(
                        f"the label '{text}' of column '{name}' is not in the card",
                        f"{card.file}, row {number}",
                        f"'{text}'{nearest(text, labels)}",
                        f"one of {', '.join(labels)}",
                        f"add the label under 'labels > {name}' in {card.path}, or correct the cell",
                    )
                )
        problems += [
            Problem(
                f"the card has a label '{label}' for '{name}' that the file never prints",
                f"{card.path}, field labels > {name}",
                f"no cell with '{label}'{nearest(label, {text for text in printed if text})}",
                "each label in at least one cell",
                "remove the label from the card, or look for the rows that are gone",
            )
            for label in labels
            if label not in printed
        ]
        columns[f"{name}_code"] = [labels.get(text) for text in printed]
    if problems:
        raise SourceError(problems)


@cache
def _schema(kind: str, table: str) -> pa.Schema:
    import pyarrow as pa

    types = {"is_synthetic": pa.bool_(), "row_number": pa.int32(), "printed": pa.map_(pa.string(), pa.string())}
    return pa.schema([(name, types.get(name, pa.string())) for name in landed_columns(kind, table)])


@cache
def _code_hash() -> str:
    """Hash of the ingest code: rows landed by other code are landed again."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _content_hash(card: SourceCard) -> str:
    content = f"{card.content['sha256']}\n{card.fingerprint()}\n{_code_hash()}"
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _write(table: pa.Table, target: Path) -> None:
    """Write beside the target and rename, so that a killed run leaves no half file."""
    import pyarrow.parquet as pq

    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    pq.write_table(table, partial, compression="zstd")
    os.replace(partial, target)


def write_named(table: pa.Table, folder: Path) -> Path:
    """Write a table as the only Parquet file of ``folder``, named by the hash of its content."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    target = folder / f"{hashlib.sha256(sink.getvalue()).hexdigest()[:32]}.parquet"
    if not target.exists():
        _write(table, target)
    for stale in set(folder.glob("*.parquet")) - {target}:
        stale.unlink()
    return target


def write_empty_files(raw: Path) -> None:
    """An empty, typed file for every kind and table, so that a reader of the folder never finds none."""
    for kind, table in LAYOUTS:
        folder = raw / f"{kind}__{table}" / "_empty"
        write_named(_schema(kind, table).empty_table(), folder)


def remove_other_sources(raw: Path, active: Iterable[SourceCard]) -> list[Path]:
    """Take landed files of sources that are no longer active out of the raw folder; returns what was removed."""
    keep = {(f"{card.kind}__{card.table}", card.source_id) for card in active}
    removed = []
    for kind, table in LAYOUTS:
        for path in sorted((raw / f"{kind}__{table}").glob("*/*.parquet")):
            if path.parent.name != "_empty" and (path.parent.parent.name, path.parent.name) not in keep:
                path.unlink()
                removed.append(path)
    return removed
