"""Keys of the rows of one edition: what the decision register calls a row by.

Belongs here: making every key of an edition its own, and telling rows that the card's key columns do not tell apart.
Does not belong here: which columns those are (the card).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem

if TYPE_CHECKING:
    import pyarrow as pa

    from ingest.tables.printed import Printed

# Python's own white space, in the words of pyarrow's patterns.
WHITE_SPACE = r"[\pZ\t\n\x0b\f\r\x1c-\x1f\x{85}]+"
PAIRS_SHOWN = 5


class EntryKeys:
    """Keys as they are given out, row by row; memory grows with the number of rows, by their keys alone."""

    def __init__(self) -> None:
        """No row has a key yet."""
        self._given: set[str] = set()
        self._rows: dict[str, int | list[int]] = {}

    def give(self, keys: Sequence[str | None], numbers: Sequence[int]) -> list[str | None]:
        """The key of each row: its printed one, with ``#2`` and so on where an earlier row has it; None stays."""
        return [None if key is None else self._one(key, number) for key, number in zip(keys, numbers, strict=True)]

    def _one(self, key: str, number: int) -> str:
        before = self._rows.get(key)
        if before is None:
            self._rows[key] = number
        elif isinstance(before, int):
            self._rows[key] = [before, number]
        else:
            before.append(number)
        rows = self._rows[key]
        times = 1 if isinstance(rows, int) else len(rows)
        given = key if times == 1 else f"{key}#{times}"
        while given in self._given:
            times += 1
            given = f"{key}#{times}"
        self._given.add(given)
        return given

    def repeated(self) -> dict[str, list[int]]:
        """Printed keys of more than one row, with the numbers of the rows."""
        return {key: rows for key, rows in self._rows.items() if isinstance(rows, list)}


def printed_keys(parts: Sequence[pa.Array]) -> pa.Array:
    """The key columns of each row as one text, ``a | b``; null where all are blank. Blanks inside a part become one."""
    import pyarrow.compute as pc

    squeezed = [
        pc.utf8_trim_whitespace(pc.replace_substring_regex(pc.fill_null(part, ""), WHITE_SPACE, " ")) for part in parts
    ]
    joined = pc.binary_join_element_wise(*squeezed, " | ")
    is_blank = pc.equal(pc.binary_join_element_wise(*squeezed, ""), "")
    # A key that ends in a blank could never be decided: cells of the register are read without blanks around them.
    return pc.if_else(is_blank, None, pc.utf8_trim_whitespace(joined))


def key_problems(
    repeated: dict[str, list[int]], columns: Sequence[str], printed: Printed, where: Place
) -> list[Problem]:
    """One warning for all rows that the key columns do not tell apart, with the headers in which they differ."""
    if not repeated:
        return []
    shown = dict(sorted(repeated.items(), key=lambda each: each[1])[:PAIRS_SHOWN])
    rows = dict(_rows(printed, {number for numbers in shown.values() for number in numbers}))
    pairs = []
    for key, numbers in shown.items():
        header = printed.facts.header
        differing = [name for place, name in enumerate(header) if len({rows[number][place] for number in numbers}) > 1]
        pairs.append(f"{', '.join(map(str, numbers))} ({key}: {', '.join(differing) or '='})")
    return [
        problem(
            "entry_key_repeated",
            where,
            columns=", ".join(columns),
            n=len(repeated),
            rows="; ".join(pairs) + ("; …" if len(repeated) > len(shown) else ""),
        )
    ]


def _rows(printed: Printed, numbers: set[int]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The printed cells of some rows, looked up a second time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(sorted(numbers), pa.int32())
    for batch in printed.batches():
        found = batch.filter(pc.is_in(batch["row_number"], wanted))
        for row in zip(*(column.to_pylist() for column in found.columns), strict=True):
            yield row[0], row[2:]
