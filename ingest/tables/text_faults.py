"""Signs in the cells of a text table that nobody sees, and texts that were once read in a wrong encoding.

Belongs here: telling them and, for the latter, what they probably were. Does not belong here: changing a cell; every
one stays as it was printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.tables.reading_weight import weigh

CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
INVISIBLE = re.compile(r"[\u00a0\u00ad\u200b-\u200f\u2060\ufeff]")
# UTF-8 read as Windows-1252 or Latin-1: a first byte, then a continuation byte as either shows it.
_WESTERN = re.compile(
    r"[\u00c2-\u00f4](?:[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014"
    r"\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122])"
)
# UTF-8 kana and kanji read as CP932 begin so: rare kanji of rows E3 to E9, and half-width kana in between.
_JAPANESE = re.compile(r"[縺繧繝譁蜈譛遘螟蟄荳莠]|[\ufffd]")
_CELL_ENDS = "\x1f"


@dataclass
class TextFaults:
    """Counts kept while the rows go by; ``problems`` tells them."""

    file: str
    n_control: int = 0
    n_invisible: int = 0
    n_garbled: int = 0
    control: tuple[int, str] = (0, "")
    invisible: tuple[int, str] = (0, "")
    garbled: tuple[int, str, str] = (0, "", "")

    def look_at(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        """Look at rows, each with its number."""
        for number, cells in rows:
            text = _CELL_ENDS.join(cells)
            if text.isascii() and text.replace(_CELL_ENDS, "").isprintable():
                continue
            if CONTROL.search(text.replace(_CELL_ENDS, "")) or INVISIBLE.search(text):
                self._count_signs(number, cells)
            if _WESTERN.search(text) or _JAPANESE.search(text):
                self._count_garbled(number, cells)

    def _count_signs(self, number: int, cells: Sequence[str]) -> None:
        for cell in cells:
            if match := CONTROL.search(cell):
                self.n_control += 1
                self.control = self.control if self.control[0] else (number, _name(match[0]))
            if match := INVISIBLE.search(cell):
                self.n_invisible += 1
                self.invisible = self.invisible if self.invisible[0] else (number, _name(match[0]))

    def _count_garbled(self, number: int, cells: Sequence[str]) -> None:
        for cell in cells:
            if repair := proposed_repair(cell):
                self.n_garbled += 1
                self.garbled = self.garbled if self.garbled[0] else (number, cell, repair)

    def problems(self) -> list[Problem]:
        """What was found, one problem for each kind."""
        found = []
        if self.n_garbled:
            number, text, repair = self.garbled
            where = Place(self.file, row=number)
            found.append(problem("text_mojibake", where, n_cells=self.n_garbled, text=text, repair=repair))
        for code, n_cells, (number, sign) in (
            ("text_control", self.n_control, self.control),
            ("text_invisible", self.n_invisible, self.invisible),
        ):
            if n_cells:
                found.append(problem(code, Place(self.file, row=number), n_cells=n_cells, sign=sign))
        return found


def proposed_repair(text: str) -> str:
    """What a garbled text probably was; empty if it is not garbled. Characters that are lost stay U+FFFD.

    Tried: the bytes of CP932 and of Windows-1252 (with Latin-1 for those it lacks) read as UTF-8, then ftfy.
    """
    if text.isascii() or not (_WESTERN.search(text) or _JAPANESE.search(text)):
        return ""
    for codec in ("cp932", "cp1252"):
        read = _round_trip(text, codec)
        if read and read != text and weigh(read, "unicode").n_odd <= 3 * read.count("\ufffd"):
            return read
    import ftfy

    fixed = str(ftfy.fix_encoding(text))
    return fixed if fixed != text and len(fixed) < len(text) else ""


def _round_trip(text: str, codec: str) -> str:
    """The text as bytes of a code page read as UTF-8; empty when less than half of it can be read so."""
    parts = []
    for sign in text:
        try:
            parts.append(sign.encode(codec))
        except UnicodeEncodeError:
            # A sign that the code page lacks: Latin-1 for the holes of Windows-1252, a lost byte otherwise.
            parts.append(sign.encode("latin-1") if codec == "cp1252" and ord(sign) < 256 else b"\xff")
    # A character of which a byte is lost is one lost character, however many signs stand for its bytes.
    read = re.sub("\ufffd+", "\ufffd", b"".join(parts).decode("utf-8", "replace"))
    n_lost = read.count("\ufffd")
    n_read = sum(not sign.isascii() for sign in read) - n_lost
    return read if n_read >= max(n_lost, 1) else ""


def _name(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, 'control sign')}"
