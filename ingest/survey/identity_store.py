"""The identities of one wave's respondents: kept in the restricted store and nowhere else.

Belongs here: writing them, finding a person among them, taking a person out. Does not belong here: the store itself
(``restricted``), and the pseudonyms that stand for them everywhere else (``pseudonym``).

Beside the personal columns it keeps the originals of the free texts that are withheld, with the role ``free_text``. The
engine opens one store for a wave, below the folder ``work`` of the home, and adds column by column::

    with identity_store(restricted_path(raw.parent, card.source_id, card.content["sha256"])) as store:
        store.add("email", column.header, response_no, values)
        store.add(FREE_TEXT, column.header, response_no.filter(mask), originals.filter(mask))
    problems += store.problems(file)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.restricted import restricted_file

if TYPE_CHECKING:
    import pyarrow as pa

FREE_TEXT = "free_text"


@cache
def identity_schema() -> pa.Schema:
    """Columns of the store: one row for each filled cell."""
    import pyarrow as pa

    return pa.schema(
        [("response_no", pa.int64()), ("role", pa.string()), ("header", pa.string()), ("value", pa.string())]
    )


@dataclass
class IdentityStore:
    """The store of a wave while it is written; ``counts`` are the filled cells by role and header."""

    write: Callable[[pa.Table], None]
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, role: str, header: str, response_no: pa.Array, values: pa.Array) -> None:
        """Keep the values that are filled. ``response_no`` is as long as ``values`` (string or dictionary of it)."""
        import pyarrow as pa
        import pyarrow.compute as pc

        texts = values.cast(pa.string())
        is_filled = pc.greater(pc.fill_null(pc.binary_length(texts), 0), 0)
        numbers, texts = response_no.filter(is_filled).cast(pa.int64()), texts.filter(is_filled)
        if not len(texts):
            return
        same = [pa.repeat(pa.scalar(text), len(texts)) for text in (role, header)]
        self.write(pa.Table.from_arrays([numbers, *same, texts], schema=identity_schema()))
        self.counts[role, header] = self.counts.get((role, header), 0) + len(texts)

    def problems(self, file: str) -> list[Problem]:
        """What is said of the columns kept apart; the texts withheld are told by ``free_text``."""
        return [
            problem("survey_identity_kept_apart", Place(file), column=header, count=count)
            for (role, header), count in self.counts.items()
            if role != FREE_TEXT
        ]


@contextmanager
def identity_store(path: Path) -> Iterator[IdentityStore]:
    """A store to be filled, in its place when the block ends without an error; without identities there is no file.

    Raises ``OSError`` if the store cannot be written.
    """
    with restricted_file(path, identity_schema()) as write:
        store = IdentityStore(write)
        yield store
    if not store.counts:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
