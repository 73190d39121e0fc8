"""Worklists that travel: one row per mention and candidate as CSV or XLSX, and back.

Belongs here: the columns of a worklist, cells that no spreadsheet takes for a formula, turning filled rows into
verdicts. Does not belong here: whether a verdict may be written (``ingest.registry.verdict``).
"""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from ingest.printed_table import read_printed_table
from ingest.problem import Problem, SourceError, nearest
from ingest.registry.verdict import CHOICES, NEW, Verdict
from orchestration.review.desk import Desk
from orchestration.review.evidence import Candidate, Mention
from orchestration.review.worklist import Worklist

# What the sender fills.
TOLD = (
    *("mention_key", "blocks_release", "edition", "file", "row", "role", "name", "name_en", "name_ja", "country"),
    *("region", "printed_row", "decided_so_far", "cluster_id", "cluster_label", "score", "reasons", "cluster_rows"),
)
# What the colleague fills. The last three are for a verdict `new` only.
ASKED = ("verdict", "reason", "evidence_address", "decided_by", "new_unit_kind", "new_label", "new_country_code")
HEADER = (*TOLD, *ASKED)
NEEDED = ("mention_key", "cluster_id", "verdict", "reason")
# Spreadsheets of East Asia compute after full-width signs too.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDTHS = {"mention_key": 46, "name": 36, "name_en": 30, "name_ja": 30, "printed_row": 60, "reasons": 50, "reason": 50}
WIDTHS |= {"cluster_label": 36, "cluster_rows": 60, "decided_so_far": 40, "evidence_address": 40, "edition": 24}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def worklist_rows(worklist: Worklist) -> list[dict[str, str]]:
    """One row per open mention and candidate; a mention without a candidate has one row."""
    rows = []
    for mention in worklist.open_mentions():
        about = _about(worklist, mention)
        candidates: Sequence[Candidate | None] = worklist.candidates(mention) or (None,)
        for candidate in candidates:
            rows.append({**dict.fromkeys(HEADER, ""), **about, **_of_candidate(worklist, candidate)})
    return rows


def write_worklist(path: Path, worklist: Worklist) -> int:
    """Write the worklist to a ``.csv`` or ``.xlsx`` file; returns the number of rows.

    Raises:
        SourceError: another kind of file.
    """
    rows = worklist_rows(worklist)
    if path.suffix.lower() == ".csv":
        content = _csv_bytes(rows)
    elif path.suffix.lower() == ".xlsx":
        content = _xlsx_bytes(rows)
    else:
        raise _wrong_kind(path)
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return len(rows)


def read_worklist(path: Path, desk: Desk, reviewer: str) -> list[Verdict]:
    """The verdicts in a filled worklist; rows without a verdict are passed over.

    Missing evidence is the page of the edition, a missing role is ``reviewer``.

    Raises:
        SourceError: not a worklist, or a row that is filled without a verdict.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise _wrong_kind(path)
    if not path.is_file():
        raise SourceError([Problem("the worklist is missing", str(path), "no file", "a worklist", "correct the path")])
    table = read_printed_table(path)
    missing = [name for name in NEEDED if name not in table.header]
    if missing:
        raise SourceError(
            [
                Problem(
                    "a column of the worklist is missing",
                    f"{path}, row 1",
                    ", ".join(table.header) + nearest(missing[0], table.header),
                    ", ".join(NEEDED),
                    "keep the header of the exported worklist; save a CSV with commas, not semicolons",
                )
            ]
        )
    verdicts, problems = [], []
    is_csv = path.suffix.lower() == ".csv"
    for number, printed in table.rows:
        cells = map(_from_cell, printed) if is_csv else printed
        row = dict.fromkeys(HEADER, "") | dict(zip(table.header, cells, strict=True))
        place = f"{path}, row {number}"
        if row["verdict"].strip():
            verdicts.append(_verdict(row, place, desk, reviewer))
        elif row["reason"].strip():
            problems.append(
                Problem(
                    f"there is a reason but no verdict on {row['mention_key']}",
                    place,
                    f"'{row['reason'].strip()}'",
                    ", ".join(CHOICES),
                    "fill the verdict, or empty the reason",
                )
            )
    if problems:
        raise SourceError(problems)
    return verdicts


def _about(worklist: Worklist, mention: Mention) -> dict[str, str]:
    printed = worklist.evidence.printed_row(mention)
    decided = [
        f"{each.verdict} {each.cluster_id} ({each.reason})"
        + (" withdrawn" if worklist.register.withdrawal(each) else "")
        for each in worklist.decisions(mention)
        if not each.withdrawn_on
    ]
    return {
        "mention_key": mention.mention_key,
        "blocks_release": "yes" if mention.is_blocking else "no",
        "edition": mention.edition_id,
        "file": mention.file_name,
        "row": mention.row_number,
        "role": mention.role,
        "name": mention.name,
        "name_en": mention.name_en,
        "name_ja": mention.name_ja,
        "country": mention.country,
        "region": mention.region,
        "printed_row": " | ".join(f"{column}: {cell}" for column, cell in printed),
        "decided_so_far": " | ".join(decided),
    }


def _of_candidate(worklist: Worklist, candidate: Candidate | None) -> dict[str, str]:
    if candidate is None:
        return {}
    rows = worklist.rows_of(candidate.cluster_id)
    return {
        "cluster_id": candidate.cluster_id,
        "cluster_label": worklist.name_of(candidate.cluster_id),
        "score": "" if candidate.score is None else f"{candidate.score:.2f}",
        "reasons": "; ".join(candidate.reasons),
        "cluster_rows": " | ".join(
            " ".join(each for each in (row.edition_id, " / ".join(row.names), row.country, row.region) if each)
            for row in rows
        ),
    }


def _verdict(row: Mapping[str, str], place: str, desk: Desk, reviewer: str) -> Verdict:
    """A filled row as a verdict, with what the colleague may leave out."""
    mention = desk.evidence.mentions.get(row["mention_key"])
    if mention is None:
        # A spreadsheet program may have taken blanks off the ends.
        stripped = row["mention_key"].strip()
        mention = next((each for key, each in desk.evidence.mentions.items() if key.strip() == stripped), None)
    verdict = "_".join(row["verdict"].strip().lower().split())
    seat = row["new_country_code"].strip().upper()
    if verdict == NEW and mention is not None and row["new_unit_kind"].strip() != "partnership":
        seat = seat or desk.seat_of(mention)
    return Verdict(
        mention_key=mention.mention_key if mention else row["mention_key"],
        verdict=verdict,
        cluster_id=row["cluster_id"].strip(),
        reason=row["reason"].strip(),
        evidence_address=row["evidence_address"].strip() or (mention.page_address if mention else ""),
        decided_by=row["decided_by"].strip() or reviewer,
        unit_kind=row["new_unit_kind"].strip(),
        label=row["new_label"].strip() or (mention.name or next(iter(mention.names), "") if mention else ""),
        country_code=seat,
        place=place,
    )


def _csv_bytes(rows: Sequence[Mapping[str, str]]) -> bytes:
    """UTF-8 with the mark by which a spreadsheet program knows it; formula-like cells begin with an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows([_to_cell(row[name]) for name in HEADER] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _to_cell(text: str) -> str:
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "'")) else text


def _from_cell(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith((*FORMULA_SIGNS, "'")) else text


def _xlsx_bytes(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A workbook: every cell is text, the header stays in view, verdicts and kinds are chosen from a list."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    from orchestration.review.evidence import unit_kinds

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "worklist"
    asked = PatternFill("solid", start_color="FFF3D6")
    for number, row in enumerate([dict(zip(HEADER, HEADER, strict=True)), *rows], start=1):
        for position, name in enumerate(HEADER, start=1):
            cell = sheet.cell(number, position)
            cell.value = CONTROL.sub(" ", row[name])
            # A text that begins with = would be stored as a formula.
            cell.data_type = "s"
            cell.quotePrefix = row[name].startswith(FORMULA_SIGNS)
            cell.number_format = "@"
            cell.alignment = Alignment(wrap_text=number > 1, vertical="top")
            if name in ASKED:
                cell.fill = asked
            if number == 1:
                cell.font = Font(bold=True)
    for position, name in enumerate(HEADER, start=1):
        longest = max((_cells(row[name]) for row in rows), default=0)
        width = min(max(longest, len(name)) + 2, WIDTHS.get(name, 24))
        sheet.column_dimensions[get_column_letter(position)].width = WIDTHS.get(name, width) if name in ASKED else width
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(HEADER))}{len(rows) + 1}"
    for name, choices in (("verdict", CHOICES), ("new_unit_kind", tuple(unit_kinds()))):
        letter = get_column_letter(HEADER.index(name) + 1)
        chosen = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True)
        chosen.error = f"Choose one of: {', '.join(choices)}"
        chosen.add(f"{letter}2:{letter}{len(rows) + 1}")
        sheet.add_data_validation(chosen)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _cells(text: str) -> int:
    """Width of a text on the screen: Japanese letters take two places."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _wrong_kind(path: Path) -> SourceError:
    return SourceError(
        [
            Problem(
                "a worklist is a CSV file or an XLSX workbook",
                str(path),
                f"'{path.suffix}'",
                ".csv or .xlsx",
                "give the file one of these endings",
            )
        ]
    )
