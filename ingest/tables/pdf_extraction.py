"""A reviewed CSV made from the tables of a PDF report, and the check that it still belongs to that report.

Belongs here: the CSV, what the card keeps of the PDF, and holding the two together. Does not belong here: reading the
PDF (``pdf_file``; in a process of its own, as any foreign file).
"""

from __future__ import annotations

import csv
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.child import read_foreign
from ingest.tables.file_kind import open_regular
from ingest.tables.limits import LIMITS, Limits
from ingest.tables.pdf_file import HEADER_ROW, LEADING, PAGE_NOTE
from ingest.tables.printed import Hints, Printed

Rows = list[tuple[str, ...]]
PIECE_BYTES = 1 << 20


def extract_to_csv(
    pdf: Path, folder: Path, pages: str = "all", limits: Limits = LIMITS
) -> tuple[Path, dict[str, Any], tuple[Problem, ...]]:
    """Write the tables of a PDF report into ``folder``, for a person to compare with the report.

    Returns the CSV of the largest table (``<name>.csv``; further tables become ``<name>-table2.csv`` and so on), what
    the card keeps as ``extracted_from`` (file, sha256, hash of the text of each page of that table), and what is to be
    said. Columns: those of the table, then ``page`` and ``position`` (left, top, right, bottom in points).

    Raises:
        SourceError: no text, no table, a password, or a CSV that stands there already.
    """
    with tempfile.TemporaryDirectory() as work:
        printed = read_foreign(pdf, Hints(pages=pages), Path(work), limits)
        tables = _tables(printed)
    where, facts = Place(pdf.name), printed.facts
    hashes = _page_hashes(printed)
    if not tables:
        raise SourceError([problem("pdf_no_table", where, n=len(hashes))])
    largest = sorted(tables, key=len, reverse=True)
    names = [f"{pdf.stem}.csv", *(f"{pdf.stem}-table{number}.csv" for number in range(2, len(tables) + 1))]
    taken = [name for name in names if (folder / name).exists()]
    if taken:
        raise SourceError([problem("pdf_csv_exists", where, file=", ".join(taken))])
    for name, table in zip(names, largest, strict=True):
        _write(folder / name, table)
    said = list(facts.problems)
    if len(tables) > 1:
        said.append(problem("pdf_more_tables", where, n=len(tables), file=names[0], others=", ".join(names[1:])))
    on_pages = list(dict.fromkeys(row[0] for row in largest[0][1:]))
    listed = ", ".join(on_pages)
    said.append(problem("pdf_extracted", where, rows=len(largest[0]) - 1, pages=listed, file=names[0]))
    kept = {"file": pdf.name, "sha256": _sha256(pdf), "pages": {page: hashes[page] for page in on_pages}}
    return folder / names[0], kept, tuple(said)


def check_extraction(content: Mapping[str, Any], folder: Path, limits: Limits = LIMITS) -> list[Problem]:
    """What is wrong between a card's ``extracted_from`` and the PDF beside the card; nothing where no PDF is kept.

    The same file is taken on its hash; a file that was saved again is read, and its pages' text decides.
    """
    kept = content.get("extracted_from")
    if not kept:
        return []
    name = str(kept["file"])
    if Path(name).name != name or name in {"", ".", ".."}:
        return [problem("pdf_outside", Place(str(content.get("file", ""))), file=name)]
    pdf = folder / name
    try:
        if not os.path.lexists(pdf) or _sha256(pdf) == kept["sha256"]:
            return []
        with tempfile.TemporaryDirectory() as work:
            found = _page_hashes(read_foreign(pdf, Hints(pages="all"), Path(work), limits))
    except SourceError as error:
        return list(error.problems)
    changed = [page for page, text in kept["pages"].items() if found.get(str(page)) != text]
    if changed:
        return [problem("pdf_text_changed", Place(name), pages=", ".join(map(str, changed)))]
    return [problem("pdf_saved_again", Place(name))]


def _tables(printed: Printed) -> list[Rows]:
    """The tables of a report: each its names and its rows, with page and position before the texts."""
    tables: list[Rows] = []
    width = 0
    for batch in printed.batches():
        for row in batch.to_pylist():
            texts = [row[f"c{place}"] for place in range(1, len(printed.facts.header) + 1)]
            _, page, position, *cells = texts
            if row["left_out"] == HEADER_ROW:
                width = max((place for place, name in enumerate(cells, start=1) if name), default=0)
                tables.append([(*LEADING[1:], *cells[:width])])
            else:
                tables[-1].append((page, position, *cells[:width]))
    return tables


def _page_hashes(printed: Printed) -> dict[str, str]:
    return {str(note.row): note.text for note in printed.facts.notes if note.kind == PAGE_NOTE}


def _write(path: Path, table: Rows) -> None:
    """The CSV with page and position as its last columns, under names that the table itself does not use."""
    (page, position, *names), *rows = table
    with path.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*names, *(_free(own, names) for own in (page, position))])
        writer.writerows([*texts, on_page, box] for on_page, box, *texts in rows)


def _free(name: str, names: Sequence[str]) -> str:
    return f"pdf {name}" if name in {each.casefold() for each in names} else name


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open_regular(path) as stream:
        while piece := stream.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()
