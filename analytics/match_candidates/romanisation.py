"""Belongs here: how Japanese, Chinese and Korean writing is said, in Latin letters.

Does not belong here: words with a known meaning; `vocabulary` takes those out first, and only the rest is read aloud.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from analytics.match_candidates.folding import KANA, to_latin

if TYPE_CHECKING:
    from sudachipy import Tokenizer  # type: ignore[import-untyped] # it ships no types

# Characters of mainland China that Japanese writes otherwise: enough to tell a Chinese name from a Japanese one.
_SIMPLIFIED_ONLY = re.compile("[华东广业术电汉门长马龙兰产农药飞开发对关动务处实宁岛庆张办军书报图园环节专济际银]")


def is_chinese(text: str, language: str = "", country: str = "") -> bool:
    """Whether Han characters are to be read as Chinese: said by language or country, or written in simplified forms."""
    if language in {"zh", "chi", "zho"} or country in {"CN", "TW", "HK", "MO", "SG"}:
        return True
    if language in {"ja", "jpn"} or country == "JP" or KANA.search(text):
        return False
    return bool(_SIMPLIFIED_ONLY.search(text))


@cache
def _tokenizer() -> Tokenizer:
    from sudachipy import Dictionary, SplitMode

    return Dictionary(dict="core").tokenizer(SplitMode.A)


@lru_cache(maxsize=200_000)
def read_japanese(text: str) -> tuple[str, ...]:
    """Words of Japanese text in Hepburn letters without macrons (東京 -> toukyou)."""
    return tuple(word for word in (_romaji(*pair) for pair in _readings(text)) if word)


def _readings(text: str) -> list[tuple[str, str]]:
    return [(part.surface(), part.reading_form()) for part in _tokenizer().tokenize(text)]


def _romaji(surface: str, reading: str) -> str:
    if not KANA.search(reading):
        return to_latin(surface)
    from jaconv import kana2alphabet, kata2hira

    # jaconv knows no ヴ; lists write ブ for it as often. What it leaves (a small ェ) is spelled letter by letter.
    plain = reading.replace("ー", "").replace("ヴ", "ブ")
    return to_latin(kana2alphabet(kata2hira(plain)))


def read_chinese(text: str) -> tuple[str, ...]:
    """Chinese text as one word of pinyin without tones (北京 -> beijing)."""
    return (to_latin(text),)
