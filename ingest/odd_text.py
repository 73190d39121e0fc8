"""Text that a program further on might run: like a formula, like markup, like code. It stays text, and that is said.

Belongs here: the signs by which it is known, and the one sentence for each kind. Does not belong here: escaping it;
every page and every worklist does that for all text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem

if TYPE_CHECKING:
    import pyarrow as pa

SHOWN = 5
# OWASP, CSV injection: what a spreadsheet computes when it opens a text file. A sign before a number is none of it.
FORMULA = r"^[\s\pZ]*(?:[=@＝＠][^=\s]|[+＋][^0-9０-９]|[-－][A-Za-z]+\()"
MARKUP = r"<[A-Za-z/!][^>]*>|(?i:javascript|vbscript|data:text/html):?"
CODE = r"\{\{|\{%|\{#|;[\s]*--|\$\{"
PATTERNS = {"text_like_formula": FORMULA, "text_like_markup": MARKUP, "text_like_code": CODE}


class OddText:
    """Cells and headers of one source that look like something to run, counted as the batches pass."""

    def __init__(self, header: Sequence[str]) -> None:
        """Headers are looked at first; they have no address."""
        import pyarrow as pa

        self._counts = dict.fromkeys(PATTERNS, 0)
        self._places: dict[str, list[str]] = {code: [] for code in PATTERNS}
        for code, text in self._found(pa.array(header, pa.string())):
            self._note(code, [f"'{header[at]}'" for at in text])

    def look(self, cells: pa.StringArray, letters: str, numbers: Sequence[int]) -> None:
        """Look at the cells of one column in one batch: its letters and the numbers of its rows."""
        for code, places in self._found(cells):
            self._note(code, [f"{letters}{numbers[at]}" for at in places])

    def _found(self, texts: pa.StringArray) -> Iterator[tuple[str, list[int]]]:
        import pyarrow.compute as pc

        for code, pattern in PATTERNS.items():
            hits = pc.indices_nonzero(pc.match_substring_regex(texts, pattern))
            if len(hits):
                yield code, hits.to_pylist()

    def _note(self, code: str, places: Sequence[str]) -> None:
        self._counts[code] += len(places)
        self._places[code] += places[: SHOWN - len(self._places[code])]

    def problems(self, where: Place) -> list[Problem]:
        """What was found, a sentence for each kind."""
        return [
            problem(code, where, n=n, places=", ".join(self._places[code]) + (", …" if n > SHOWN else ""))
            for code, n in self._counts.items()
            if n
        ]
