"""The register of identity and its corrections: CSV files edited by hand, landed as text with the line of each row.

Belongs here: which register files there are, what they are called, their columns, reading them. Does not belong here:
what a row must say (dbt tests in ``tests/identity``, which name file and line).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.printed_table import read_printed_table
from ingest.problem import Problem, SourceError, nearest

if TYPE_CHECKING:
    import pyarrow as pa

PROJECT = Path(__file__).resolve().parents[2]
SEEDS = PROJECT / "dbt_project" / "seeds"
QUARANTINE = "quarantine"
FILE_NAMES = {
    "cluster": "clusters.csv",
    "decision": "decisions.csv",
    "event": "events.csv",
    "correction": "corrections.csv",
    "survey_question": "survey_questions.csv",
}
COLUMNS: dict[str, tuple[str, ...]] = {
    "cluster": ("cluster_id", "unit_kind", "label", "country_code", "is_synthetic", "minted_on", "note"),
    "decision": (
        *("mention_key", "cluster_id", "verdict", "reason", "evidence_address", "decided_by", "decided_on"),
        *("withdrawn_on", "withdrawn_reason"),
    ),
    "event": (
        *("event_id", "event_type", "clusters_before", "clusters_after", "date_earliest", "date_latest"),
        *("evidence_kind", "evidence_address", "strength", "is_synthetic", "recorded_by", "recorded_on", "note"),
    ),
    "correction": (
        *("correction_id", "family", "edition", "entry_key", "column_name", "expected_value", "corrected_value"),
        *("reason", "evidence_address", "decided_by", "decided_on", "withdrawn_on", "withdrawn_reason"),
    ),
    "survey_question": (
        *("survey_code", "wave", "question_code", "verdict", "earlier_wave", "earlier_question_code", "reason"),
        *("evidence_address", "decided_by", "decided_on", "withdrawn_on", "withdrawn_reason"),
    ),
}


@dataclass(frozen=True)
class NamedFile:
    """One file of the register: what its rows are, where it is, and what it is called wherever it may lie."""

    thing: str
    path: Path
    name: str


def bundled_files() -> tuple[NamedFile, ...]:
    """The register of the project itself."""
    folders = {"correction": SEEDS / "corrections"}
    paths = {thing: folders.get(thing, SEEDS / "registry") / name for thing, name in FILE_NAMES.items()}
    return tuple(NamedFile(thing, path, path.relative_to(PROJECT).as_posix()) for thing, path in paths.items())


def drop_in_folders(root: Path) -> list[Path]:
    """Folders ``registry/`` beside the sources of a root; what a drop folder has in quarantine is no source."""
    found = (path for path in root.glob("**/registry") if path.is_dir())
    return sorted(path for path in found if path.relative_to(root).parts[0] != QUARANTINE)


def drop_in_files(root: Path) -> Iterator[NamedFile]:
    """Register files of the user's own, called by their path below the root: a root may be moved, a row stays."""
    for folder in drop_in_folders(root):
        for thing, name in FILE_NAMES.items():
            path = folder / name
            if path.is_file():
                yield NamedFile(thing, path, path.relative_to(root).as_posix())


def register_table(thing: str, files: Sequence[NamedFile]) -> pa.Table:
    """All rows of one thing as text, an empty cell as null, with ``register_file`` and ``line_number``.

    Raises:
        SourceError: a file that cannot be read, or with another header than the register's; all files together.
    """
    import pyarrow as pa

    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            rows += _rows(file)
        except SourceError as error:
            problems += error.problems
    if problems:
        raise SourceError(problems)
    text = [(name, pa.string()) for name in COLUMNS[thing]]
    return pa.Table.from_pylist(rows, pa.schema([*text, ("register_file", pa.string()), ("line_number", pa.int32())]))


def _rows(file: NamedFile) -> Iterator[dict[str, Any]]:
    table = read_printed_table(file.path)
    names = COLUMNS[file.thing]
    odd = sorted(set(table.header) ^ set(names))
    if odd:
        raise SourceError(
            [
                Problem(
                    "the register file has another header than the register",
                    f"{file.path}, line 1",
                    ", ".join(table.header) + nearest(odd[0], names),
                    ", ".join(names),
                    "use the register's header; empty cells are allowed",
                )
            ]
        )
    # A cell of several lines makes the editor's line run ahead of the row.
    lines_ahead = 0
    for number, cells in table.rows:
        values = {name: cell.strip() or None for name, cell in zip(table.header, cells, strict=True)}
        # Spreadsheets leave rows of commas behind.
        if any(values.values()):
            yield {**values, "register_file": file.name, "line_number": number + lines_ahead}
        lines_ahead += sum(cell.count("\n") for cell in cells)
