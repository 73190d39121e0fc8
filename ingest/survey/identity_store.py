"""The identities of one wave's respondents: kept in the restricted store and nowhere else.

Belongs here: writing them, and taking persons out. Does not belong here: the store itself (``restricted``), and the
pseudonyms that stand for them everywhere else (``pseudonym``).

Beside the personal columns it keeps the originals of what is withheld, with the question as header: free texts with
contact data (role ``free_text``) and answers to questions that the codebook calls personal (``personal_answer``). It is
written column by column beside what else is read, and moved into the store at the end::

    with identity_store(folder / "identities.parquet") as store:
        store.add("email", column.header, response_no, values)
        store.add(FREE_TEXT, question, response_no.filter(mask), originals.filter(mask))
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
from ingest.restricted import private_file

if TYPE_CHECKING:
    import pyarrow as pa

FREE_TEXT, PERSONAL_ANSWER = "free_text", "personal_answer"


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
        """What is said of the columns kept apart and of the texts withheld; no value is."""
        said = []
        for (role, header), count in self.counts.items():
            if role == FREE_TEXT:
                said.append(problem("survey_text_redacted", Place(file), question=header, count=count))
            else:
                said.append(problem("survey_identity_kept_apart", Place(file), column=header, count=count))
        return said


@contextmanager
def identity_store(path: Path) -> Iterator[IdentityStore]:
    """A file to be filled, in its place when the block ends without an error; without identities there is none.

    Raises ``OSError`` if it cannot be written.
    """
    with private_file(path, identity_schema()) as write:
        store = IdentityStore(write)
        yield store
    if not store.counts:
        path.unlink()


def remove_responses(path: Path, response_numbers: pa.Array) -> None:
    """Take everything of these responses out of a file of identities, in one step."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    is_theirs = pc.is_in(table["response_no"], value_set=response_numbers)
    with private_file(path, identity_schema()) as write:
        write(table.filter(pc.invert(is_theirs)))
