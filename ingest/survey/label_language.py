"""Which of our languages labels are written in, as far as their script tells.

Belongs here: telling Japanese from the rest. Does not belong here: guessing among languages of one script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
ENOUGH = 0.3


def language_of_texts(texts: Iterable[str]) -> str:
    """``ja`` where three texts in ten or more hold kana or kanji, else ``en``.

    >>> language_of_texts(["性別", "年齢", "URL"]), language_of_texts(["Sex", "Age"])
    ('ja', 'en')
    """
    given = [text for text in texts if text.strip()]
    return "ja" if given and sum(bool(JAPANESE.search(text)) for text in given) >= ENOUGH * len(given) else "en"
