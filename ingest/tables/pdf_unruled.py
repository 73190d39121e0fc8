"""Tables of a PDF page with lines above and below only, as books print them: rows and columns told from the words.

Belongs here: where such a table is, and where its rows and columns part. Does not belong here: its cells
(``pdf_page``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

# Two lines belong to one table if their ends differ by less than this, in points.
ENDS_ALIKE = 3.0
# Words part where nothing of any row stands for this many times the size of a sign; a blank is a quarter to a half.
GAP_IN_SIGNS = 0.8

Region = tuple[float, float, float, float]


def unruled_regions(page: Any) -> Iterator[tuple[Region, dict[str, Any]]]:
    """Each block of words between lines of one length, and the edges of its rows and columns for the table finder.

    Every line of words is a row of its own, so that nothing is lost; a cell that wraps becomes two rows.
    """
    for left, top, right, bottom in _blocks(page):
        region = (max(left, page.bbox[0]), top, min(right, page.bbox[2]), bottom)
        words = page.crop(region).extract_words()
        columns, rows = _columns(words, left, right), _rows(words, top, bottom)
        if len(columns) > 2 and len(rows) > 2:
            yield region, {
                "vertical_strategy": "explicit", "explicit_vertical_lines": columns,
                "horizontal_strategy": "explicit", "explicit_horizontal_lines": rows,
            }  # fmt: skip


def _blocks(page: Any) -> Iterator[Region]:
    """From the first to the last of lines that begin and end alike; two lines at least."""
    ends: dict[float, tuple[float, float]] = {}
    for edge in page.horizontal_edges:
        height = round(edge["top"], 1)
        left, right = ends.get(height, (edge["x0"], edge["x1"]))
        ends[height] = (min(left, edge["x0"]), max(right, edge["x1"]))
    heights = sorted(ends)
    while heights:
        left, right = ends[heights[0]]
        alike = [each for each in heights if _is_alike(ends[each], (left, right))]
        if len(alike) > 1:
            yield left, alike[0], right, alike[-1]
        heights = [each for each in heights if each not in alike]


def _is_alike(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) < ENDS_ALIKE for a, b in zip(one, other, strict=True))


def _columns(words: Sequence[Any], left: float, right: float) -> list[float]:
    """The edges of the columns: the middle of every stripe in which no word of any row stands."""
    edges, reached = [left], left
    for place, word in enumerate(sorted(words, key=lambda word: word["x0"])):
        if place and word["x0"] - reached > GAP_IN_SIGNS * (word["bottom"] - word["top"]):
            edges.append((reached + word["x0"]) / 2)
        reached = max(reached, word["x1"])
    return [*edges, max(right, reached)]


def _rows(words: Sequence[Any], top: float, bottom: float) -> list[float]:
    """The edges of the lines of words."""
    edges, reached = [top], top
    for place, word in enumerate(sorted(words, key=lambda word: word["top"])):
        if place and word["top"] >= reached:
            edges.append((reached + word["top"]) / 2)
        reached = max(reached, word["bottom"])
    return [*edges, bottom]
