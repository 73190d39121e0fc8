"""Land a source: its rows as printed and as read, under our column names, as Parquet named by content hash.

Belongs here: which file is read, by which reader, and where its rows land. Does not belong here: opening foreign files
(``tables``), making rows (``landed_rows``), reading a value (``values``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.card_columns import columns_of
from ingest.disk import READING
from ingest.landed_schema import landed_schema
from ingest.layout import LAYOUTS, WAVE
from ingest.message import problem
from ingest.printed_table import file_sha256
from ingest.problem import Outcome, Place, Problem, SourceError
from ingest.source_card import SourceCard
from ingest.survey.schema import RELATIONS, relation_schema
from ingest.synonyms import known_words
from ingest.tables.printed import Facts, Hints, Printed

if TYPE_CHECKING:
    import pyarrow as pa

FACTS_NOTE = b"facts"
# Findings that keep a file out.
HARD = (Outcome.QUAR, Outcome.STOP)
REVIEWED_ENCODING = "utf-8"
CODE_SUFFIXES = {".py", ".csv", ".json"}
# Data files of other rooms' making, which change no landed row of another source.
NO_CODE = ("sources", "__pycache__")


@dataclass(frozen=True)
class Landed:
    """One landed source: its Parquet file, what its file said of itself, rows read and rows rejected on the way.

    ``ours`` holds our column for each printed one, None where it is kept as printed only; ``facts.problems`` what was
    found while it was read and landed, warnings and fixes only.
    """

    source_id: str
    path: Path
    facts: Facts
    ours: tuple[str | None, ...]
    rows_read: int
    rows_rejected: int
    is_reused: bool


def hints_of(card: SourceCard) -> Hints:
    """What a card says of its file before the file is read."""
    content = card.content
    return Hints(
        **{name: content.get(name, "") for name in ("sheet", "encoding", "delimiter", "region")},
        header_row=int(content.get("header_row", 0)),
        header_levels=int(content.get("header_levels", 0)),
        headers=tuple(card.column_map),
        words=known_words(),
    )


def landed_path(card: SourceCard, raw: Path) -> Path:
    """Where the rows of a card land; the name changes with the file, the card and the code that reads them.

    That of a survey wave is the file of its responses; the rest of the wave stands beside it by the same name.
    """
    name = _content_hash(card)
    if card.is_wave:
        from ingest.survey.landing import home_of, wave_hash

        name = wave_hash(card, name, home_of(raw))
    return raw / f"{card.kind}__{card.table}" / card.source_id / f"{name}.parquet"


def land_source(card: SourceCard, raw: Path, *, is_foreign: bool = False) -> Landed:
    """Land one source under ``raw/<kind>__<table>/<source id>/<hash>.parquet``; nothing to do if it is there already.

    ``is_foreign``: the file is none that this project has reviewed and is parsed in a process of its own.

    Raises:
        SourceError: missing, empty, altered or malformed file; unknown header or label; unused map entry.
    """
    _check_file(card)
    said = _check_extraction(card)
    target = landed_path(card, raw)
    is_reused = target.exists()
    if not is_reused and card.is_wave:
        from ingest.survey.landing import land_wave

        land_wave(card, raw, target.stem, is_foreign=is_foreign)
    elif not is_reused:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=READING, dir=raw) as folder:
            printed = _read(card, Path(folder), is_foreign=is_foreign)
            printed = replace(printed, facts=replace(printed.facts, problems=(*printed.facts.problems, *said)))
            printed = _without_personal(card, printed, raw.parent, is_foreign=is_foreign)
            _write_rows(card, printed, target, is_foreign=is_foreign)
    for stale in set(target.parent.glob("*.parquet")) - {target}:
        stale.unlink()
    if card.is_wave:
        from ingest.survey.landing import remove_stale

        remove_stale(card, raw, target.stem)
    return replace(read_landed(card, target), is_reused=is_reused)


def read_landed(card: SourceCard, path: Path) -> Landed:
    """What a landed file says of its source."""
    import pyarrow.parquet as pq

    if card.is_wave:
        from ingest.survey.landing import read_wave_facts, table_facts

        wave = read_wave_facts(path)
        facts = table_facts(wave)
        return Landed(card.source_id, path, facts, (None,) * len(facts.header), wave.n_rows, 0, True)
    note = json.loads(pq.read_metadata(path).metadata[FACTS_NOTE])
    facts = Facts.from_plain(note["facts"])
    return Landed(card.source_id, path, facts, tuple(note["ours"]), facts.n_rows, note["rows_rejected"], True)


def _check_extraction(card: SourceCard) -> list[Problem]:
    """What is said of the report that a CSV was made from.

    Raises:
        SourceError: another report stands beside the card.
    """
    if "extracted_from" not in card.content:
        return []
    from ingest.tables.pdf_extraction import check_extraction

    said = check_extraction(card.content, card.path.parent)
    if any(each.outcome in HARD for each in said):
        raise SourceError(said)
    return said


def _read(card: SourceCard, folder: Path, *, is_foreign: bool) -> Printed:
    """The table of the card's file; what nobody of this project has reviewed is parsed in a process of its own."""
    if is_foreign:
        from ingest.tables.child import read_foreign

        return read_foreign(card.file, hints_of(card), folder)
    from ingest.tables.reader import read_table

    hints = hints_of(card)
    # The reviewed files of this project are UTF-8, also where their bytes would make words in another encoding.
    return read_table(card.file, replace(hints, encoding=hints.encoding or REVIEWED_ENCODING), folder)


def _without_personal(card: SourceCard, printed: Printed, home: Path, *, is_foreign: bool) -> Printed:
    """The table without the cells of the columns that the card calls personal; they are kept below ``home``.

    Raises:
        SourceError: a foreign file with contact data in a column that the card does not call personal.
    """
    from ingest.content import content_problems
    from ingest.restricted import restricted_path, write_restricted

    declared = card.content.get("personal", [])
    if is_foreign:
        problems = content_problems(printed, declared, card.file.name)
        if any(each.outcome in HARD for each in problems):
            raise SourceError(problems)
        printed = replace(printed, facts=replace(printed.facts, problems=(*printed.facts.problems, *problems)))
    return write_restricted(printed, declared, restricted_path(home, card.source_id, card.content["sha256"]))


def _write_rows(card: SourceCard, printed: Printed, target: Path, *, is_foreign: bool) -> None:
    """Write beside the target and rename, so that a killed run leaves no half file."""
    import pyarrow.parquet as pq

    from ingest.landed_rows import LandedRows

    ours, told = columns_of(card, printed.facts, is_strict=not is_foreign)
    rows = LandedRows(card, printed, ours)
    partial = target.with_suffix(".partial")
    rejected = 0
    with pq.ParquetWriter(partial, landed_schema(card.kind, card.table), compression="zstd") as writer:
        for table in rows.tables():
            rejected += len(table) - table["rejected_reason"].null_count
            writer.write_table(table)
        problems = (*printed.facts.problems, *told, *rows.problems())
        facts = replace(printed.facts, marks=(), problems=problems)
        note = {"facts": facts.to_plain(), "ours": ours, "rows_rejected": rejected}
        writer.add_key_value_metadata({FACTS_NOTE: json.dumps(note, ensure_ascii=False).encode()})
    if any(each.outcome in HARD for each in problems):
        partial.unlink()
        raise SourceError(each for each in problems if each.outcome in HARD)
    os.replace(partial, target)


def _check_file(card: SourceCard) -> None:
    if not card.file.is_file() or card.file.is_symlink():
        raise SourceError([problem("file_missing", str(card.path), name=card.file.name, path=card.file)])
    found = file_sha256(card.file)
    if found != card.content["sha256"]:
        size = card.file.stat().st_size
        code = "file_empty_not_reviewed" if size == 0 else "file_altered"
        values = {"size": size, "found": found, "expected": card.content["sha256"], "card": card.path.name}
        raise SourceError([problem(code, Place(str(card.file)), **values)])


@cache
def _code_hash() -> str:
    """Hash of the ingest code and its tables: rows landed by other code are landed again."""
    digest = hashlib.sha256()
    room = Path(__file__).parent
    for path in sorted(room.rglob("*")):
        if path.suffix in CODE_SUFFIXES and not set(path.relative_to(room).parts).intersection(NO_CODE):
            digest.update(f"{path.relative_to(room).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def _content_hash(card: SourceCard) -> str:
    content = f"{card.content['sha256']}\n{card.fingerprint()}\n{_code_hash()}"
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def write_named(table: pa.Table, folder: Path) -> Path:
    """Write a table as the only Parquet file of ``folder``, named by the hash of its content."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    target = folder / f"{hashlib.sha256(sink.getvalue()).hexdigest()[:32]}.parquet"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        pq.write_table(table, partial, compression="zstd")
        os.replace(partial, target)
    for stale in set(folder.glob("*.parquet")) - {target}:
        stale.unlink()
    return target


def write_empty_files(raw: Path) -> None:
    """An empty, typed file for every kind and table and for every relation of a survey wave.

    So a reader of the folder never finds none.
    """
    schemas = {f"{kind}__{table}": landed_schema(kind, table) for kind, table in LAYOUTS if (kind, table) != WAVE}
    schemas |= {name: relation_schema(name) for name in RELATIONS}
    for name, schema in schemas.items():
        write_named(schema.empty_table(), raw / name / "_empty")


def landed_tables(card: SourceCard) -> tuple[str, ...]:
    """The folders below ``raw`` that a source lands in: the relations for a survey wave, one of its own otherwise."""
    return tuple(RELATIONS) if card.is_wave else (f"{card.kind}__{card.table}",)


def remove_other_sources(raw: Path, active: Iterable[SourceCard]) -> list[Path]:
    """Take landed files of sources that are no longer active out of the raw folder; returns what was removed.

    Personal data that no active source has any more goes as well.
    """
    from ingest.restricted import remove_other_restricted
    from ingest.survey.landing import remove_other_waves

    active = list(active)
    keep = {(f"{card.kind}__{card.table}", card.source_id) for card in active}
    removed = []
    remove_other_waves(raw, [card.source_id for card in active if card.is_wave])
    for kind, table in LAYOUTS:
        for path in sorted((raw / f"{kind}__{table}").glob("*/*.parquet")):
            if path.parent.name != "_empty" and (path.parent.parent.name, path.parent.name) not in keep:
                path.unlink()
                removed.append(path)
    with_identities = [card for card in active if card.content.get("personal") or card.is_wave]
    remove_other_restricted(raw.parent, {card.source_id: card.content["sha256"] for card in with_identities})
    # What a killed run was reading.
    for folder in raw.glob(f"{READING}*"):
        shutil.rmtree(folder, ignore_errors=True)
    return removed
