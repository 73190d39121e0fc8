"""The parts of an OOXML workbook (xlsx, xlsm) and how they belong together.

Belongs here: finding sheets, styles, shared strings and a sheet's comments in the container, by relationships. Does not
belong here: the cells of a sheet (``workbook_scan``) and the meaning of a style (``workbook_styles``).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Element = Any
# Bytes handed on at a time from a part.
PIECE = 1 << 20


@dataclass(frozen=True)
class Relation:
    """What a part refers to: the last word of the type, and a part of the container or an outside address."""

    kind: str
    target: str
    is_external: bool


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook lists it; ``state`` is visible, hidden or veryHidden, ``part`` empty for a chart."""

    name: str
    state: str
    part: str


class Package:
    """An open workbook container; nothing outside it is opened."""

    def __init__(self, path: Path) -> None:
        """Open the container.

        Raises:
            OSError, zipfile.BadZipFile: not a readable archive.
        """
        self._archive = zipfile.ZipFile(path)
        # Names of parts differ in no more than case, says ECMA-376 part 2.
        self._names = {name.lower().lstrip("/"): name for name in self._archive.namelist()}

    def __enter__(self) -> Package:
        """The open package."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the container."""
        self._archive.close()

    def has(self, part: str) -> bool:
        """Whether the container holds this part."""
        return part.lower() in self._names

    def size(self, part: str) -> int:
        """Bytes of the part when unpacked, as declared."""
        return self._archive.getinfo(self._names[part.lower()]).file_size

    def read(self, part: str) -> bytes:
        """The bytes of a part; KeyError if there is none."""
        return self._archive.read(self._names[part.lower()])

    def pieces(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, one piece after the other."""
        with self._archive.open(self._names[part.lower()]) as stream:
            while piece := stream.read(PIECE):
                yield piece

    def tree(self, part: str) -> Element:
        """The root element of a small part.

        Raises:
            KeyError: no such part. ValueError: a document type or an entity. SyntaxError: not XML.
        """
        from defusedxml.ElementTree import fromstring

        return fromstring(self.read(part), forbid_dtd=True)

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to, by the relation's id."""
        folder, name = posixpath.split(part)
        listing = f"{folder}/_rels/{name}.rels".lstrip("/")
        if not self.has(listing):
            return {}
        found = {}
        for each in self.tree(listing):
            external = each.get("TargetMode") == "External"
            target = each.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = each.get("Type", "").rpartition("/")[2]
            found[each.get("Id", "")] = Relation(kind, target, external)
        return found

    def workbook_part(self) -> str:
        """The part that lists the sheets."""
        for each in self.relations("").values():
            if each.kind == "officeDocument":
                return each.target
        return "xl/workbook.xml"


def local(tag: object) -> str:
    """An element's or attribute's name without its namespace: strict and transitional files differ in it only."""
    return str(tag).rpartition("}")[2]


def children(element: Element, name: str) -> list[Element]:
    """The children of this name, whatever their namespace."""
    return [each for each in element if local(each.tag) == name]


def child(element: Element, name: str) -> Element | None:
    """The first child of this name."""
    return next((each for each in element if local(each.tag) == name), None)


def is_on(element: Element | None) -> bool:
    """Whether a switch such as ``<strike/>`` stands and is not turned off."""
    return element is not None and element.get("val", "1") not in {"0", "false"}


@dataclass(frozen=True)
class Book:
    """What the workbook part says: its sheets in order, whether days count from 1904, and its other parts."""

    sheets: tuple[SheetPart, ...]
    is_1904: bool
    styles: str
    strings: str


def book_of(package: Package) -> Book:
    """The workbook's list of sheets.

    Raises:
        KeyError, ValueError, SyntaxError: the part is missing or no XML.
    """
    part = package.workbook_part()
    root, relations = package.tree(part), package.relations(part)
    properties, sheets = child(root, "workbookPr"), child(root, "sheets")
    parts = {each.kind: each.target for each in relations.values()}
    listed = []
    for each in sheets if sheets is not None else ():
        named = {local(name): value for name, value in each.attrib.items()}
        relation = relations.get(named.get("id", ""))
        is_table = relation is not None and relation.kind == "worksheet" and package.has(relation.target)
        state = named.get("state", "visible")
        listed.append(SheetPart(named.get("name", ""), state, relation.target if relation and is_table else ""))
    return Book(
        tuple(listed),
        properties is not None and properties.get("date1904", "0") in {"1", "true"},
        parts.get("styles", ""),
        parts.get("sharedStrings", ""),
    )
