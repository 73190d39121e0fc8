"""What a reading of an export is told and what it leaves beside its rows, as JSON can hold it.

Belongs here: the shapes that travel between the process that reads and the one that lands. Does not belong here: the
reading (``wave``), the landing (``landing``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.problem import Problem
from ingest.survey.wide_table import WideTable

IDENTITY_PREFIX = "identity__"
WIDE, RESPONSES, IDENTITIES, FACTS = "wide.parquet", "responses.parquet", "identities.parquet", "wave.json"


def wide_file(tables: Sequence[str], code: str) -> str:
    """The name of the wide file of a table: numbered, because the code of a repeat may be any text."""
    return f"wide.{tables.index(code)}.parquet" if code else WIDE


@dataclass(frozen=True)
class WaveJob:
    """What a card says of an export that is about to be read. ``design``: role to the question or column it is in.

    ``least_given``: answers given less often have no label of their own in a guessed codebook.
    """

    codebook: str = ""
    tool: str = ""
    columns: Mapping[str, str | None] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    design: Mapping[str, str] = field(default_factory=dict)
    least_given: int = 1
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class WaveFacts:
    """What is known of a read export beside its rows, as JSON can hold it. ``columns`` describe the wide columns.

    ``unquoted`` are the ``problems`` without the answers that some of them quote.
    """

    tool: str
    form: str
    options: Mapping[str, str]
    exported_at: str
    limits: tuple[str, ...]
    codebook: Mapping[str, Any]
    columns: tuple[Mapping[str, Any], ...]
    tables: tuple[str, ...]
    n_rows: int
    n_redacted: int
    n_unreadable: int
    duplicate_rule: str
    weights: Mapping[str, Any]
    problems: tuple[Problem, ...]
    unquoted: tuple[Problem, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        """As a JSON object; ``from_plain`` turns it back."""
        told = {name: [each.to_plain() for each in getattr(self, name)] for name in ("problems", "unquoted")}
        return {**vars(self), **told}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> WaveFacts:
        """What was kept as a JSON object."""
        told = {name: tuple(map(Problem.from_plain, plain[name])) for name in ("problems", "unquoted")}
        lists = {name: tuple(plain[name]) for name in ("limits", "columns", "tables")}
        return cls(**{**plain, **lists, **told})


def read_facts(folder: Path) -> WaveFacts:
    """What a reading kept in its folder."""
    return WaveFacts.from_plain(json.loads((folder / FACTS).read_text(encoding="utf-8")))


def described_columns(repeat: str, table: WideTable) -> Iterator[dict[str, Any]]:
    """The wide columns of a table, in order."""
    for number, column in enumerate(table.columns, start=1):
        source = column.source
        bound = table.binding.of(column.question.code)
        yield {
            "table": repeat,
            "column_no": number,
            "wide_column": column.name,
            "question_code": column.question.code,
            "option_code": column.question.options[column.option - 1].code if column.option else None,
            "part": column.part,
            "state_column": column.state or None,
            "raw_column": column.raw or None,
            "source_header": source.header if source else None,
            "source_column": source.letters if source else None,
            "matched_by": bound.matched_by.get(source.place) if bound and source else None,
        }
