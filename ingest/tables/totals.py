"""Whether a row that is called a total is the sum of the rows it stands for.

Belongs here: the arithmetic of totals, subtotals and grand totals. Does not belong here: which words mean a total
(``row_words``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ingest.tables.cell_text import fold, number_of
from ingest.tables.row_words import total_role

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

# A sum of decimals in binary floating point may be off by this much without being wrong.
NEARLY = 1e-6
PLAIN_NUMBER = r"^-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?$"
# The region or kind that a subtotal names stands in one of the first columns.
GROUP_COLUMNS = 6


@dataclass(frozen=True)
class Difference:
    """A printed total that is not the sum: position of its column, both values, and first and last row summed."""

    column: int
    printed: str
    computed: str
    first: int
    last: int


@dataclass(frozen=True)
class TotalRow:
    """What a row with a total word is: ``is_total``, where it differs, and whether it only looks like one."""

    place: int
    is_total: bool
    differences: tuple[Difference, ...] = ()
    is_doubtful: bool = False


class Totals:
    """The totals of one table: ``columns`` as printed, ``counted`` says which rows are entries (shown or hidden)."""

    def __init__(
        self, columns: Sequence[pa.Array], counted: np.ndarray[Any, Any], candidates: Sequence[int] = ()
    ) -> None:
        """Take the table; columns are turned into numbers only when a total asks for them.

        ``candidates`` are the rows that will be judged: they do not count for what a column usually holds.
        """
        import numpy as np

        self._columns = columns
        self._counted = counted.copy()
        usual = counted.copy()
        usual[list(candidates)] = False
        self._usual = usual if usual.any() else self._counted
        self._parsed: dict[int, tuple[Any, Any]] = {}
        self._kinds: dict[int, bool] = {}
        self._is_no_candidate = ~np.isin(np.arange(len(counted)), list(candidates))
        self._last = -1
        self._groups: list[_Places] | None = None

    def judge(self, place: int, label_column: int, following: int) -> TotalRow:
        """Judge the row at ``place`` whose label stands in ``label_column``; ``following`` is the next candidate.

        Rows have to be judged in their order: one found to be a total is no entry for those after it.
        """
        label = self._text(place, label_column)
        role, rest = total_role(label) or ("", "")
        if not role:
            return TotalRow(place, False)
        self._counted[place] = False
        verdict = self._verdict(place, label_column, role, rest, following)
        if verdict.is_total:
            self._last = place
        else:
            self._counted[place] = True
        return verdict

    def _verdict(self, place: int, label_column: int, role: str, rest: str, following: int) -> TotalRow:
        texts = {column: self._text(place, column) for column in range(len(self._columns)) if column != label_column}
        filled = {column: text for column, text in texts.items() if text and text != self._text(place, label_column)}
        numbers = {column: value for column, text in filled.items() if (value := number_of(text)) is not None}
        of_words = [c for c in range(label_column + 1, len(self._columns)) if not self._holds_numbers(c)]
        # Dashes and percentages say nothing of an entry.
        said = [c for c in of_words if c in filled and c not in numbers and any(map(str.isalpha, filled[c]))]
        if 2 * len(said) > len(of_words):
            return TotalRow(place, False)
        best = self._best_range(place, role, numbers, following)
        compared, differences = best if best else (0, ())
        is_sum = compared > len(differences)
        names_group = bool(rest) and self._names(rest, place)
        fits = is_sum and not differences
        if fits or ((not rest or names_group) and not said):
            return TotalRow(place, True, differences)
        return TotalRow(place, False, is_doubtful=bool(numbers and of_words) and not said)

    def _best_range(
        self, place: int, role: str, numbers: dict[int, Decimal], following: int
    ) -> tuple[int, tuple[Difference, ...]] | None:
        """The rows that the total fits best: how many columns were compared, and where it differs."""
        import numpy as np

        since, start = (self._last + 1, place), (0, place)
        ranges = [since, start] if role == "subtotal" else [start, since]
        if not self._counted[:place].any():
            ranges = [(place + 1, len(self._counted))]
        ranges.append((place + 1, following))
        best: tuple[int, tuple[Difference, ...]] | None = None
        for first, last in ranges:
            counted = self._counted[first:last]
            # Above its rows a total stands over subtotals too, which are not judged yet.
            rows = np.flatnonzero(counted & self._is_no_candidate[first:last] if first > place else counted) + first
            if not len(rows):
                continue
            compared = [column for column in numbers if self._is_numeric(column, rows)]
            differences = tuple(
                Difference(column, self._text(place, column), _plain(total), int(rows[0]), int(rows[-1]))
                for column in compared
                if abs((total := float(np.nansum(self._numbers(column)[0][rows]))) - float(numbers[column]))
                > NEARLY * max(1.0, abs(total))
            )
            if best is None or len(differences) < len(best[1]):
                best = len(compared), differences
        return best

    def _names(self, rest: str, place: int) -> bool:
        """Whether a row since the last total says what is left of the label: the region of ``Hyogo total``."""
        if self._groups is None:
            self._groups = [_Places(column) for column in self._columns[:GROUP_COLUMNS]]
        return any(group.has(rest, self._last + 1, place) for group in self._groups)

    def _holds_numbers(self, column: int) -> bool:
        """Whether a column usually holds numbers."""
        if column not in self._kinds:
            self._kinds[column] = self._is_numeric(column, self._usual)
        return self._kinds[column]

    def _is_numeric(self, column: int, rows: np.ndarray[Any, Any]) -> bool:
        """Whether some rows of a column are numbers, blank or a sign for nothing, at least one being a number."""
        import numpy as np

        values, other = self._numbers(column)
        return bool((~np.isnan(values[rows])).any() and not other[rows].any())

    def _numbers(self, column: int) -> tuple[Any, Any]:
        """Each cell as a number (NaN if none), and whether it is a text that is neither number nor nothing."""
        if column not in self._parsed:
            self._parsed[column] = _parsed(self._columns[column])
        return self._parsed[column]

    def _text(self, row: int, column: int) -> str:
        return str(self._columns[column][row].as_py()).strip()


class _Places:
    """Where each text of a column stands, spellings folded; made once, since a list may have a total in every row."""

    def __init__(self, texts: pa.Array) -> None:
        import numpy as np
        import pyarrow.compute as pc

        coded = pc.dictionary_encode(texts)
        codes = coded.indices.to_numpy(zero_copy_only=False)
        self._order = np.argsort(codes, kind="stable")
        self._starts = np.searchsorted(codes[self._order], np.arange(len(coded.dictionary) + 1))
        self._codes: dict[str, list[int]] = {}
        for code, text in enumerate(coded.dictionary.to_pylist()):
            self._codes.setdefault(fold(text), []).append(code)

    def has(self, folded: str, first: int, end: int) -> bool:
        """Whether a row from ``first`` to before ``end`` has the text."""
        import numpy as np

        for code in self._codes.get(folded, ()):
            rows = self._order[self._starts[code] : self._starts[code + 1]]
            at = int(np.searchsorted(rows, first))
            if at < len(rows) and rows[at] < end:
                return True
        return False


def _parsed(texts: pa.Array) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Numbers and what is neither number nor nothing; only what is no plain number is looked at one by one."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    is_plain = pc.match_substring_regex(texts, PLAIN_NUMBER)
    plain = pc.if_else(is_plain, pc.replace_substring(texts, ",", ""), pa.scalar(None, pa.string()))
    values = pc.cast(plain, pa.float64()).to_numpy(zero_copy_only=False).copy()
    rest = pc.indices_nonzero(pc.invert(is_plain))
    codes = pc.dictionary_encode(pc.take(texts, rest))
    found = [(number_of(text), text) for text in codes.dictionary.to_pylist()]
    numbers = np.array([np.nan if number is None else float(number) for number, _ in found])
    words = np.array([number is None and any(map(str.isalnum, text)) for number, text in found], dtype=bool)
    other = np.zeros(len(texts), dtype=bool)
    if found:
        places, kinds = rest.to_numpy(), codes.indices.to_numpy()
        values[places], other[places] = numbers[kinds], words[kinds]
    return values, other


def _plain(number: float) -> str:
    if not math.isfinite(number):
        return str(number)
    rounded = round(number, 6)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)
