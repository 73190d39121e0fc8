"""What the styles of an OpenDocument spreadsheet say: struck through, a colour, elapsed time, a sheet not shown.

Belongs here: gathering styles while the XML passes by, and following them to their parents. Does not belong here:
cells.
"""

from __future__ import annotations

from dataclasses import dataclass

Attributes = dict[str, str]


@dataclass
class OdsStyle:
    """One style as the file defines it; None where it leaves the answer to its parent."""

    parent: str = ""
    data_style: str = ""
    is_struck: bool | None = None
    colour: str | None = None
    is_shown: bool = True


class OdsStyles:
    """The styles met so far, by family and name."""

    def __init__(self) -> None:
        """No style yet."""
        self._styles: dict[tuple[str, str], OdsStyle] = {}
        self._current: OdsStyle | None = None
        # Time styles that count on beyond 24 hours.
        self._elapsed: set[str] = set()

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins; those that are no part of a style are passed over."""
        if name in {"style:style", "style:default-style"}:
            family, own = attributes.get("style:family", ""), attributes.get("style:name", "")
            self._current = OdsStyle(
                attributes.get("style:parent-style-name", ""), attributes.get("style:data-style-name", "")
            )
            self._styles[family, own] = self._current
        elif name == "number:time-style" and attributes.get("number:truncate-on-overflow") == "false":
            self._elapsed.add(attributes.get("style:name", ""))
        elif self._current is None:
            return
        elif name == "style:text-properties":
            line = attributes.get("style:text-line-through-style") or attributes.get("style:text-line-through-type")
            if line:
                self._current.is_struck = line != "none"
        elif name == "style:table-cell-properties" and "fo:background-color" in attributes:
            colour = attributes["fo:background-color"].upper()
            self._current.colour = "" if colour in {"TRANSPARENT", "#FFFFFF"} else colour
        elif name == "style:table-properties":
            self._current.is_shown = attributes.get("table:display") != "false"

    def end(self, name: str) -> None:
        """An element ends."""
        if name in {"style:style", "style:default-style"}:
            self._current = None

    def _line(self, family: str, name: str) -> list[OdsStyle]:
        """A style, its parent, and so on."""
        line: list[OdsStyle] = []
        while (style := self._styles.get((family, name))) and style not in line:
            line.append(style)
            name = style.parent
        return line

    def is_struck(self, family: str, name: str) -> bool:
        """Whether text in this style is struck through."""
        return next((bool(each.is_struck) for each in self._line(family, name) if each.is_struck is not None), False)

    def colour(self, name: str) -> str:
        """The fill of a cell in this style as ``#RRGGBB``; empty for none."""
        return next((each.colour for each in self._line("table-cell", name) if each.colour is not None), "")

    def is_elapsed(self, name: str) -> bool:
        """Whether a time in this cell style is elapsed time, no time of day."""
        return next(
            (each.data_style in self._elapsed for each in self._line("table-cell", name) if each.data_style), False
        )

    def is_shown(self, name: str) -> bool:
        """Whether a sheet in this style is shown."""
        return all(each.is_shown for each in self._line("table", name))
