"""Lines of text in columns that stand under each other, wide characters included.

Belongs here: widths, wrapping, alignment. Does not belong here: what the lines say (``rendering``).
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

WIDEST_LABEL = 40
WIDEST_HEADING = 14
GAP = "  "


def width(text: str) -> int:
    """Columns of a terminal that a text takes: two for each wide character of Japanese."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, most: int) -> list[str]:
    """The text in lines of at most this width, broken between words, else inside a word; nothing is cut off, and
    breaks of the text itself are blanks.
    """
    words = text.split()
    if width(" ".join(words)) <= most:
        return [" ".join(words)]
    lines = [""]
    for word in words:
        candidate = f"{lines[-1]} {word}" if lines[-1] else word
        if width(candidate) <= most:
            lines[-1] = candidate
            continue
        if lines[-1]:
            lines.append("")
        for character in word:
            if width(lines[-1] + character) > most:
                lines.append("")
            lines[-1] += character
    return lines


def grid(rows: Sequence[Sequence[str] | None]) -> list[str]:
    """Rows of cells as lines: the first cell to the left and wrapped, the others to the right; None is a rule."""
    cells = [row for row in rows if row is not None]
    first = min(max(width(row[0]) for row in cells), WIDEST_LABEL)
    count = len(cells[0])
    widths = [max(max(width(line) for line in _heading(row[i])) for row in cells) for i in range(1, count)]
    lines: list[str] = []
    for row in rows:
        if row is None:
            lines.append("-" * (first + sum(w + len(GAP) for w in widths)))
            continue
        blocks = [wrapped(row[0], first), *(_heading(cell) for cell in row[1:])]
        height = max(len(block) for block in blocks)
        for i in range(height):
            left = blocks[0][i] if i < len(blocks[0]) else ""
            line = left + " " * (first - width(left))
            for block, size in zip(blocks[1:], widths, strict=True):
                # Headings stand on the line below them, numbers on the first line of a long label.
                place = i - (height - len(block)) if len(block) > 1 or not row[0] else i
                text = block[place] if 0 <= place < len(block) else ""
                line += GAP + " " * (size - width(text)) + text
            lines.append(line.rstrip())
    return lines


def _heading(cell: str) -> list[str]:
    return wrapped(cell, WIDEST_HEADING)
