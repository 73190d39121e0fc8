"""What a printed text looks like to somebody who does not know the table: a number, a date, an address, a word.

Belongs here: folding a text for comparison and telling plain numbers. Does not belong here: the value of a cell
(``ingest.values``); what is found here only tells headers, totals and entries apart.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

_NUMBER = re.compile(r"(?P<sign>[-+▲△]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?\s?[^\W\d_]{0,3}")
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}(\1\d{1,4})?|\d{4}(年度?)?(\d{1,2}月(\d{1,2}日)?)?")
_ADDRESS = re.compile(r"(https?://|www\.)\S+|\S+@\S+", re.IGNORECASE)
_MINUS = str.maketrans({"−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-"})


def one_line(text: str) -> str:
    """The text with every run of blanks and line breaks as one blank, none at its ends."""
    return " ".join(text.split())


@lru_cache(maxsize=8192)  # headers and words come again and again, cells do not
def fold(text: str) -> str:
    """The text without differences of width, case and blanks (NFKC, case folded, blanks taken out)."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def number_of(text: str) -> Decimal | None:
    """The plain number that a text is, a unit of up to three letters behind it allowed; None if it is none.

    Full-width digits, thousands commas and the negative triangles count; percentages and dates do not.
    """
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text.strip()).translate(_MINUS))
    if not found or text.strip().endswith(("年", "年度", "月", "日")):
        return None
    value = Decimal(found["digits"].replace(",", "") + (found["part"] or ""))
    return -value if found["sign"] in {"-", "▲", "△"} else value


def is_value(text: str) -> bool:
    """Whether a text is a number, a date or an address of the web: something that no header is."""
    plain = unicodedata.normalize("NFKC", text.strip())
    return bool(number_of(text) is not None or _DATE.fullmatch(plain) or _ADDRESS.fullmatch(plain))
