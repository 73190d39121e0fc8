"""What a reader of a survey tool gives: the columns of an export, its cells in batches, and how the tool writes states.

Belongs here: the shapes between the readers (``tools``) and the rest. Does not belong here: any tool, and the meaning
of a cell (``binding``, ``decoding``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.problem import Problem
from ingest.survey.codebook import Codebook
from ingest.survey.state import State

if TYPE_CHECKING:
    import pyarrow as pa

# Columns that are no answers. The personal ones go to the restricted store and nowhere else.
PERSONAL_ROLES = ("token", "email", "name", "ip", "location", "external_id", "custom")
META_ROLES = (
    *("response_id", "started_at", "submitted_at", "recorded_at", "duration", "language", "collector", "finished"),
    *("status", "progress", "last_page", "version", "row_key", "parent_key", "score", "other_meta"),
)
ROLES = ("answer", *META_ROLES, *PERSONAL_ROLES)
# What an answer column holds: the answer (one choice, a joined list, a text, ...), the tick of one option, the rank of
# one option, the option on one rank, the text of "other", a comment beside an option.
PARTS = ("value", "tick", "rank", "position", "other", "comment")

Batches = Callable[[frozenset[int]], "Iterator[pa.RecordBatch]"]


@dataclass(frozen=True)
class SourceColumn:
    """One column of an export.

    ``place`` counts from 0 in the batches (their column ``c<place + 1>``), ``letters`` name it as a spreadsheet does.
    ``name`` and ``text`` are the question's code and text as far as the tool prints them, ``sub_name`` and ``sub_text``
    those of the matrix row (part ``value``) or of the option (parts ``tick``, ``rank``, ``comment``).
    """

    place: int
    header: str
    letters: str = ""
    role: str = "answer"
    part: str = "value"
    name: str = ""
    text: str = ""
    sub_name: str = ""
    sub_text: str = ""


@dataclass(frozen=True)
class Convention:
    """How a tool writes what is no plain answer. Texts are compared without case, width and blanks around them.

    ``ticked``, ``unticked`` and ``not_shown`` are the texts of a tick column beside the option's own label or code,
    which means ticked unless it is an unticked text. ``is_unticked_written``: somebody who saw the question has a
    mark in every cell, so cells that are all empty were not answered. ``separators`` of a joined list, the longest
    first. ``empty`` maps texts that stand for a state in any column (-99, N/A). ``finished_by`` is the role that
    tells a finished response: by a text of ``finished_texts``, or by any text where these are empty; without it
    every response is finished. ``excluded`` maps texts of the role ``status`` to the reason why a row is no
    response (preview, test).
    ``clock`` are strptime forms of times, ``days`` of dates; ``clock_noise`` is a regular expression taken off before.
    """

    ticked: tuple[str, ...] = ()
    unticked: tuple[str, ...] = ()
    not_shown: tuple[str, ...] = ()
    is_unticked_written: bool = False
    separators: tuple[str, ...] = ("; ", ";")
    empty: Mapping[str, State] = field(default_factory=dict)
    finished_by: str = ""
    finished_texts: tuple[str, ...] = ()
    excluded: Mapping[str, str] = field(default_factory=dict)
    clock: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S",)
    days: tuple[str, ...] = ("%Y-%m-%d",)
    clock_noise: str = ""
    decimal: str = "."
    is_other_inline: bool = False  # the text of "other" stands in the list or cell of the choices, without a mark


@dataclass(frozen=True)
class Repeat:
    """A repeat group: a table of its own; its ``parent_key`` column holds the ``row_key`` of the response."""

    code: str
    columns: tuple[SourceColumn, ...]
    batches: Batches


@dataclass(frozen=True)
class Export:
    """One export as its reader found it.

    ``batches(encoded)`` gives record batches with ``row_number`` (int32, as a spreadsheet counts) and a text column
    ``c1``, ``c2``, ... for each place; those in ``encoded`` may come dictionary-encoded. An empty cell is
    the empty text. ``tool`` is a name of ``tool_signature.csv``; ``form`` tells the variant (joined, split, codes, full
    text); ``limits`` are codes of ``limit.csv``. ``own`` is the codebook that the file itself holds, if any.
    ``problems`` may grow while the batches are read.
    """

    tool: str
    form: str
    columns: tuple[SourceColumn, ...]
    batches: Batches
    convention: Convention
    limits: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    exported_at: str = ""
    sheet: str = ""
    own: Codebook | None = None
    repeats: tuple[Repeat, ...] = ()
    problems: Sequence[Problem] = ()

    def all_problems(self) -> list[Problem]:
        """What is known by now, each of it once."""
        return list(dict.fromkeys(self.problems))
