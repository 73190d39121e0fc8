"""What the style of a cell says: struck through, filled with a colour, shown as a percentage, a day or with zeros.

Belongs here: the style part of an OOXML workbook and the reading of number formats. Does not belong here: cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.tables.workbook_package import Element, Package, child, children, is_on, local

PERCENT, DAY, CLOCK, LENGTH, PADDED = "percent", "day", "clock", "length", "padded"
# ECMA-376 part 1, 18.8.30: formats that every program knows by number, so that no file writes them out.
BUILT_IN = {
    **dict.fromkeys((9, 10), PERCENT),
    **dict.fromkeys((*range(14, 18), 22), DAY),
    **dict.fromkeys((*range(18, 22), 45, 47), CLOCK),
    46: LENGTH,
    # Dates of Japanese, Chinese and Korean programs; 32 to 35 and 55, 56 are times of day in some of them.
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), DAY),
}
# Days that neither python-calamine nor openpyxl takes for days.
EAST_ASIAN = frozenset({*range(27, 32), 36, *range(50, 55), 57, 58})
BUILT_IN_DECIMALS = {10: 2}
# What a format only shows: quoted text, a sign after a backslash, the width of a sign, a fill, a colour or locale.
SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
WHITE = {"#FFFFFF", "indexed 9", "indexed 64", "indexed 65", "theme 0"}


@dataclass(frozen=True)
class Style:
    """One cell style. ``digits`` are the decimals of a percentage or the least digits of a number with zeros."""

    is_struck: bool = False
    colour: str = ""
    shows: str = ""
    digits: int = 0
    is_east_asian: bool = False

    @property
    def is_plain(self) -> bool:
        """Nothing to say."""
        return not (self.is_struck or self.colour or self.shows)


def format_of(code: str) -> tuple[str, int]:
    """What a number format shows and with how many digits: ``0.0%`` is percent with 1.

    >>> format_of("0.0%"), format_of("yyyy/m/d"), format_of("[h]:mm"), format_of("0000"), format_of("#,##0")
    (('percent', 1), ('day', 0), ('length', 0), ('padded', 4), ('', 0))
    """
    first = SHOWN.sub("", code).split(";")[0]
    if ELAPSED.search(first):
        return LENGTH, 0
    signs = first.lower()
    if "general" in signs:
        return "", 0
    if "%" in signs:
        return PERCENT, len(re.findall(r"[0#?]", signs.partition(".")[2]))
    # An exponent (0.00E+00) has an e that is no era year.
    letters = re.sub(r"e[+-]", "", signs)
    if re.search(r"[ydeg]", letters) or ("m" in letters and not re.search(r"[hs]", letters)):
        return DAY, 0
    if re.search(r"[hs]", letters):
        return CLOCK, 0
    return (PADDED, len(signs)) if re.fullmatch(r"0{2,}", signs.strip()) else ("", 0)


def styles_of(package: Package, part: str) -> list[Style]:
    """Every cell style by its number; no style part, no style."""
    if not part or not package.has(part):
        return []
    groups = {local(each.tag): each for each in package.tree(part)}

    def listed(group: str) -> list[Element]:
        return list(groups[group]) if group in groups else []

    codes = {int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in listed("numFmts")}
    struck = [is_on(child(font, "strike")) for font in listed("fonts")]
    colours = [_colour(fill) for fill in listed("fills")]
    styles = []
    for each in listed("cellXfs"):
        number, font, fill = (int(each.get(name, 0)) for name in ("numFmtId", "fontId", "fillId"))
        if number in codes:
            shows, digits = format_of(codes[number])
        else:
            shows, digits = BUILT_IN.get(number, ""), BUILT_IN_DECIMALS.get(number, 0)
        styles.append(
            Style(
                font < len(struck) and struck[font],
                colours[fill] if fill < len(colours) else "",
                shows,
                digits,
                shows == DAY and number in EAST_ASIAN and number not in codes,
            )
        )
    return styles


def _colour(fill: Element) -> str:
    """The colour that a fill shows; empty for none and for white, which nobody sees."""
    for pattern in children(fill, "patternFill"):
        if pattern.get("patternType", "none") == "none":
            return ""
        colour = child(pattern, "fgColor")
        name = _colour_name(colour) if colour is not None else pattern.get("patternType", "")
        return "" if name in WHITE else name
    return "gradient" if len(fill) else ""


def _colour_name(colour: Element) -> str:
    if colour.get("rgb"):
        return f"#{colour.get('rgb')[-6:].upper()}"
    if colour.get("theme"):
        tint = colour.get("tint")
        return f"theme {colour.get('theme')}{f' tint {float(tint):+.2f}' if tint and float(tint) else ''}"
    return f"indexed {colour.get('indexed', '64')}"
