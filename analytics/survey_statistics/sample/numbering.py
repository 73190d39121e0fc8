"""Numbers for the values of a column: where each value of an array stands among the distinct ones.

Belongs here: from values to places, without a loop over rows where values are numbers. Does not belong here: SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.survey_statistics.sample.frame import IntArray

AnyArray = NDArray[Any]
# Whole numbers in a range of this many are looked up in an array, which is ten times faster than a search.
WIDEST_LOOKUP = 1_000_000


@dataclass(frozen=True)
class Numbering:
    """The distinct values of a column, numbers in ascending order before texts; None, for a null, last."""

    values: tuple[object, ...]

    @cached_property
    def _place(self) -> dict[object, int]:
        return {value: i for i, value in enumerate(self.values)}

    @cached_property
    def _lookup(self) -> tuple[int, IntArray]:
        known = [value for value in self.values if isinstance(value, int)]
        lowest = min(known)
        lookup = np.zeros(max(known) - lowest + 1, dtype=np.int64)
        lookup[[value - lowest for value in known]] = np.arange(len(known))
        return lowest, lookup

    def places(self, column: AnyArray) -> IntArray:
        """Place of each value (N,); all of them must be known."""
        missing = np.ma.getmaskarray(column) if isinstance(column, np.ma.MaskedArray) else None
        if column.dtype.kind not in "iu" or not self._is_narrow:
            return np.array([self._place[value] for value in column.tolist()], dtype=np.int64)
        lowest, lookup = self._lookup
        if missing is None:
            return lookup[_above(lowest, column)]
        known = np.where(missing, column.dtype.type(lowest), column.data)
        return np.where(missing, len(self.values) - 1, lookup[_above(lowest, known)])

    @cached_property
    def _is_narrow(self) -> bool:
        whole = [value for value in self.values if isinstance(value, int)]
        return bool(whole) and max(whole) - min(whole) < WIDEST_LOOKUP


def numbering(column: AnyArray) -> Numbering:
    """The distinct values of a column as the engine hands it over; a masked value is a null."""
    present = column
    has_null = False
    if isinstance(column, np.ma.MaskedArray):
        has_null = bool(np.ma.getmaskarray(column).any())
        present = column.compressed()
    if present.dtype.kind in "iu" and present.size:
        lowest, highest = int(present.min()), int(present.max())
        if highest - lowest < WIDEST_LOOKUP:
            seen = np.zeros(highest - lowest + 1, dtype=bool)
            seen[_above(lowest, present)] = True
            values = [lowest + above for above in np.flatnonzero(seen).tolist()]
        else:
            values = np.unique(present).tolist()
    else:
        values = in_order(set(present.tolist()))
    return Numbering((*values, *([None] if has_null else [])))


def _above(lowest: int, column: AnyArray) -> IntArray:
    """Distance of whole numbers from the lowest of them; unsigned ones of 64 bits fit no signed type."""
    if column.dtype == np.uint64:
        return np.asarray(column - np.uint64(lowest)).astype(np.int64)
    return column.astype(np.int64) - lowest


def in_order(values: set[Any]) -> list[Any]:
    """Numbers by size, then everything else by its text."""
    return sorted(values, key=order)


def order(value: object) -> tuple[int, float, str]:
    """Sorting key of a value: numbers by size, then everything else by its text, nulls last."""
    if isinstance(value, int | float):
        return 0, float(value), ""
    return (2, 0.0, "") if value is None else (1, 0.0, str(value))


def combined(places: Sequence[IntArray], sizes: Sequence[int]) -> IntArray:
    """One number (N,) for several places, the last running fastest."""
    code: IntArray = places[0].astype(np.int64)
    for place, size in zip(places[1:], sizes[1:], strict=True):
        code = code * size + place
    return code
