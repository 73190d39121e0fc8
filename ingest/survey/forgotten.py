"""The list of forgotten persons: pseudonyms of whose answers are left out whenever a wave is landed.

Belongs here: reading and extending the list, and which rows it means. Does not belong here: finding a person
(``person_search``), asking for confirmation (the command `forget`).

The list holds no identity. It is worth nothing without the key that made its pseudonyms, so a list and a key that do
not belong together stop the reading: else everybody forgotten would be back without a word.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.disk import flush
from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.pseudonym import (
    DIGITS,
    RESPONDENT_ROLES,
    RESPONSE_ID,
    SYNTHETIC_KEY,
    key_id,
    pseudonyms,
    purpose_of,
    read_key,
)

if TYPE_CHECKING:
    import pyarrow as pa

FORGETTABLE = (*RESPONDENT_ROLES, RESPONSE_ID)
PSEUDONYM = re.compile(rf"[0-9a-f]{{{DIGITS}}}")


@dataclass(frozen=True)
class ForgottenRow:
    """One line of the list. ``survey`` and ``wave`` tell where the person was found; an address counts everywhere.

    ``role``: what the pseudonym was made of, ``respondent_id`` where only the pseudonym was known. ``forgotten_on``:
    the day, YYYY-MM-DD.
    """

    survey: str
    wave: str
    role: str
    pseudonym: str
    key_id: str
    forgotten_on: str


COLUMNS = tuple(each.name for each in fields(ForgottenRow))


@dataclass(frozen=True)
class Forgotten:
    """The list as it is now, in the order in which it grew."""

    rows: tuple[ForgottenRow, ...] = ()

    @cached_property
    def pseudonyms(self) -> frozenset[str]:
        """Whom it means."""
        return frozenset(row.pseudonym for row in self.rows)

    @property
    def digest(self) -> str:
        """A hash of whom it means; empty while nobody is on it."""
        return hashlib.sha256("\n".join(sorted(self.pseudonyms)).encode()).hexdigest() if self.rows else ""

    def mask(self, columns: Mapping[str, pa.Array], survey: str, wave: str, key: bytes) -> pa.Array:
        """True for each row whose person is on the list, never null.

        ``columns``: role to its values, of the roles in ``FORGETTABLE`` that the export has (at least one column of any
        role, so that the number of rows is known); ``response_id`` as the marts show it.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        found = pa.repeat(pa.scalar(False), len(next(iter(columns.values()))))
        if not self.rows:
            return found
        known = pa.array(sorted(self.pseudonyms), pa.string())
        for role in FORGETTABLE:
            if role in columns:
                these = pseudonyms(columns[role], key, purpose_of(role, survey, wave))
                found = pc.or_(found, pc.is_in(these, value_set=known))
        return found


def forgotten_path(home: Path) -> Path:
    """Where the list is kept."""
    return home / "restricted" / "forgotten.csv"


def read_forgotten(home: Path) -> Forgotten:
    """The list of a home; an empty one if nobody was ever forgotten.

    Raises:
        SourceError: STOP; the list is damaged, or was made with another key than the one in use.
    """
    path = forgotten_path(home)
    if not path.is_file():
        return Forgotten()
    rows = []
    for number, line in enumerate(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))), start=2):
        if set(line) != set(COLUMNS) or None in line.values() or not PSEUDONYM.fullmatch(line["pseudonym"]):
            raise SourceError([problem("survey_forgotten_damaged", Place(str(path), row=number), columns=COLUMNS)])
        rows.append(ForgottenRow(**line))
    if rows and {row.key_id for row in rows} - {key_id(SYNTHETIC_KEY), key_id(read_key(home))}:
        raise SourceError([problem("survey_forgotten_key", Place(str(path)))])
    return Forgotten(tuple(rows))


def remember_forgotten(home: Path, rows: Iterable[ForgottenRow]) -> Forgotten:
    """Add to the list what is not on it yet, in one step that another process cannot undo; returns the whole list.

    Raises:
        SourceError: as ``read_forgotten``; nothing is changed then.
    """
    path = forgotten_path(home)
    with _lock(path):
        before = read_forgotten(home)
        fresh = {row.pseudonym: row for row in rows if row.pseudonym not in before.pseudonyms}
        after = Forgotten((*before.rows, *fresh.values()))
        if not fresh:
            return before
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in after.rows)
        partial = path.with_name(f".{path.name}.partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text.getvalue())
        flush(partial)
        os.replace(partial, path)
        flush(path.parent)
    return after


def forgotten_problems(file: str, count: int) -> list[Problem]:
    """What is said of the responses left out; who it was is not."""
    return [problem("survey_persons_forgotten", Place(file), count=count)] if count else []


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    with path.with_suffix(".lock").open("a") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
