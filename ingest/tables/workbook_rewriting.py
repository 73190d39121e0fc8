"""A sheet's XML in the one form that can be searched: no prefixes, every cell with its address first.

Belongs here: rewriting what is right XML but written otherwise (prefixes, other order of attributes, addresses left
out, another encoding). Does not belong here: finding anything in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.parsers import expat
from xml.sax.saxutils import escape

from ingest.tables.grid import address

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# A quotation mark in a text, as in a formula or an XLSForm condition, must not look like one of an attribute.
QUOTES = {"'": "&#39;", '"': "&quot;"}


def rewritten(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same sheet in UTF-8, one piece for each piece given.

    Raises:
        ValueError: a document type. expat.ExpatError: no XML.
    """
    writer = _Writer()
    for piece in pieces:
        yield writer.feed(piece)
    yield writer.feed(b"", last=True)


class _Writer:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._row = 0
        self._column = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = lambda tag: self._out.append(f"</{tag.rpartition(':')[2]}>")
        self._parser.CharacterDataHandler = lambda text: self._out.append(escape(text, QUOTES))
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, piece: bytes, last: bool = False) -> bytes:
        self._parser.Parse(piece, last)
        text, self._out = "".join(self._out), []
        return text.encode()

    def _refuse(self, *_: object) -> None:
        raise ValueError("a document type in a sheet")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items() if not key.startswith("xmlns")}
        if name == "row":
            self._row, self._column = int(plain.get("r", self._row + 1)), 0
            plain["r"] = str(self._row)
        elif name == "c":
            plain = {"r": self._cell(plain.get("r", "")), **{key: plain[key] for key in plain if key != "r"}}
        elif name == "worksheet":
            plain["xmlns"] = MAIN
        shown = "".join(f' {key}="{escape(value, QUOTES)}"' for key, value in plain.items())
        self._out.append(f"<{name}{shown}>")

    def _cell(self, printed: str) -> str:
        from ingest.tables.workbook_scan import span_of

        span = span_of(printed)
        self._column = span.first_column if span else self._column + 1
        return address(span.first_row if span else self._row, self._column)
