"""Comments of a sheet, and strings of which a part is struck through.

Belongs here: the small parts of an OOXML workbook that say something of a cell from outside the sheet. Does not belong
here: the sheet itself. Who wrote a comment is not kept: a person's name is no fact about a cluster.
"""

from __future__ import annotations

from collections import defaultdict
from xml.parsers import expat

from ingest.tables.workbook_package import Element, Package, child, children, is_on, local
from ingest.tables.workbook_scan import span_of

Places = dict[tuple[int, int], str]


def notes_of(package: Package, sheet_part: str) -> Places:
    """The comment on each cell; the texts of a thread one below the other."""
    notes: Places = {}
    threads: dict[tuple[int, int], list[str]] = defaultdict(list)
    for relation in package.relations(sheet_part).values():
        if relation.is_external or not package.has(relation.target):
            continue
        if relation.kind == "comments":
            notes.update(_comments(package.tree(relation.target)))
        elif relation.kind == "threadedComment":
            for each in package.tree(relation.target):
                span, text = span_of(each.get("ref", "")), child(each, "text")
                if span and text is not None:
                    threads[span.first_row, span.first_column].append(text.text or "")
    # Beside a thread stands a comment for old programs that says no more than that there is one.
    return {**notes, **{place: "\n".join(texts) for place, texts in threads.items()}}


def _comments(root: Element) -> Places:
    authors = [each.text or "" for group in children(root, "authors") for each in group]
    notes = {}
    for group in children(root, "commentList"):
        for each in group:
            span, text = span_of(each.get("ref", "")), child(each, "text")
            if span is None or text is None:
                continue
            author = int(each.get("authorId", -1))
            said = string_of(text)
            # Excel begins a comment with the name of its author in bold.
            if 0 <= author < len(authors) and authors[author]:
                said = said.removeprefix(f"{authors[author]}:").removeprefix(f"{authors[author]}：")
            notes[span.first_row, span.first_column] = said.strip()
    return notes


def string_of(element: Element) -> str:
    """The text of a string item: its own and that of its runs, without the reading aids of Japanese (``rPh``)."""
    parts = [element, *children(element, "r")]
    return "".join(each.text or "" for part in parts for each in children(part, "t"))


def struck_strings(package: Package, part: str) -> tuple[frozenset[int], frozenset[int]]:
    """Numbers of the shared strings that are struck through in every run, and in some runs only."""
    if not part or not package.has(part) or not any(b"strike" in piece for piece in package.pieces(part)):
        return frozenset(), frozenset()
    reader = _StruckStrings()
    for piece in package.pieces(part):
        reader.parser.Parse(piece, False)
    reader.parser.Parse(b"", True)
    return frozenset(reader.whole), frozenset(reader.partly)


class _StruckStrings:
    """Shared strings as they pass by; only the numbers of the struck ones are kept."""

    def __init__(self) -> None:
        self.whole: list[int] = []
        self.partly: list[int] = []
        self._number = -1
        self._runs: list[bool] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise ValueError("a document type in the strings")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag.rpartition(":")[2])
        if name == "si":
            self._number += 1
            self._runs = []
        elif name == "r":
            self._runs.append(False)
        elif name == "strike" and self._runs:
            self._runs[-1] = is_on(attributes)

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "si" and any(self._runs):
            (self.whole if all(self._runs) else self.partly).append(self._number)
