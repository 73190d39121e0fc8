"""How much a decoded text looks like words that somebody wrote, and how much like bytes read in a wrong encoding.

Belongs here: the rules of thumb for kana, kanji and accented letters. Does not belong here: which encodings are tried
(``encoding``). No statistics of languages: every rule names a kind of word that nobody writes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

WORD = re.compile(r"[^\W\d_][^\W\d_\u3099\u309a]*(?:[\u0300-\u036f\u3099\u309a]+[^\W\d_]*)*")
# Most words looked at: enough to be sure, few enough to take a moment.
MOST_WORDS = 3000
_VOICED = frozenset("ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ")
_HALF_VOICED = frozenset("ﾊﾋﾌﾍﾎ")
_NEVER_FIRST = frozenset("ｧｨｩｪｫｬｭｮｯｰﾞﾟ")
# Signs that stand behind and before a letter in honest text: footnotes, ordinals, units, quotation marks, dashes.
_FREE_BEHIND = frozenset("²³¹ºª·»©®°×÷’”“™…–—‐‑•")
_FREE_BEFORE = frozenset("«¿¡‘“„©§·×÷–—…•’‐‑")
_FREE_BESIDE_OTHER_SCRIPTS = frozenset("«»“”‘’„–—…•")
# First letters of UTF-8 bytes read as Windows-1252 or Latin-1, before a sign.
_LEADS = frozenset("ÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑâãäåæçèéêëìíîïð")


_SIGN_BESIDE_LETTER = re.compile(
    r"[A-Za-z0-9][\u0080-\u00bf\u2000-\u20ff\u2122]|[\u0080-\u00bf\u2000-\u20ff][A-Za-z0-9]"
)


@dataclass(frozen=True)
class Weight:
    """How a reading looks: characters in words as people write them, and in words that nobody writes.

    ``n_wide`` counts full-width kana and usual kanji, ``n_kana`` the full-width kana among them. ``n_telling`` counts
    what is long enough to doubt another reading for: a word of three letters, a kanji or a Korean syllable, a sign
    beside a letter.
    """

    n_good: int = 0
    n_odd: int = 0
    n_wide: int = 0
    n_kana: int = 0
    n_telling: int = 0

    @property
    def is_plausible(self) -> bool:
        """Whether the text reads as words: at most one odd character in twenty."""
        return self.n_good > 0 and 20 * self.n_odd <= self.n_good + self.n_odd


def weigh(text: str, family: str) -> Weight:
    """Weigh the words of a text that hold a character outside ASCII; a word counts once.

    ``family``: what the text was read from. ``unicode`` holds any script; in ``japanese`` mostly rare kanji are odd;
    in ``other`` lines of frames are.
    """
    n_odd_signs = len(_odd_signs(text))
    odd = 3 * n_odd_signs
    signs = [_kind(sign) for sign in _signs(text)]
    good = signs.count("s") + signs.count("x") - n_odd_signs
    good += signs.count("b") if family == "unicode" else 0
    telling = len(_SIGN_BESIDE_LETTER.findall(text[: 20 * MOST_WORDS]))
    # Half-width commas and brackets all over the text are the first bytes of EUC-JP.
    if family == "other":
        odd += signs.count("b")
    if 3 * signs.count("p") > signs.count("h"):
        odd += signs.count("p")
    wide = kana = 0
    for word in _distinct_words(text):
        if _is_odd(word, family == "unicode"):
            odd += sum(not sign.isascii() for sign in word)
            continue
        kinds = [_kind(sign) for sign in word]
        if family == "japanese" and len(word) == 1 and kinds[0] in "hjc":
            continue
        good += sum(kind not in "aAsxb" for kind in kinds)
        wide += sum(kind in "HKJ" for kind in kinds)
        kana += sum(kind in "HK" for kind in kinds)
        telling += len(word) >= 3 or bool(set(kinds) & set("oJjct"))
    return Weight(max(good, 0), odd, wide, kana, telling)


def _signs(text: str) -> list[str]:
    """The characters beyond ASCII, as many as are looked at."""
    return re.findall(r"[^\x00-\x7f]", text[: 20 * MOST_WORDS])


def _distinct_words(text: str) -> Iterable[str]:
    words: dict[str, None] = {}
    for match in WORD.finditer(text):
        if not match[0].isascii():
            words[match[0]] = None
            if len(words) == MOST_WORDS:
                break
    return words


def _odd_signs(text: str) -> list[int]:
    """Places of characters that stand in no honest text, and of signs that only a wrong reading puts into words."""
    places: list[int] = []
    for match in re.finditer(r"[^\x00-\x7f]", text):
        place, sign = match.start(), match[0]
        if len(places) == MOST_WORDS:
            break
        kind = _kind(sign)
        if kind == "!":
            places.append(place)
        elif kind in "xb":
            before, after = text[place - 1 : place] if place else " ", text[place + 1 : place + 2] or " "
            is_odd_behind = _kind(before) == "L" and sign not in _FREE_BEHIND
            is_odd_before = _kind(after) == "L" and sign not in _FREE_BEFORE
            is_foreign = bool(set(_kind(before) + _kind(after)) & set("CGot"))
            is_odd_before |= is_foreign and sign not in _FREE_BESIDE_OTHER_SCRIPTS
            is_within = _kind(before) in "aA" and _kind(after) in "aA" and sign not in _FREE_BEHIND
            if before in _LEADS or is_odd_behind or is_odd_before or is_within:
                places.append(place)
    return places


def _is_odd(word: str, is_unicode: bool) -> bool:
    signs = "".join(_kind(sign) for sign in word)
    scripts = {_SCRIPT_OF.get(sign, sign) for sign in signs} - {"s", "x", "b"}
    if len(scripts - {"latin", "japanese"}) > 1 or (scripts - {"latin", "japanese"} and len(scripts) > 1):
        # Korean and Chinese names are joined to capitals as Japanese ones are.
        return scripts != {"latin", "o"} or bool(re.search("[aL]o|o[aL]", signs))
    if scripts <= {"latin", "C", "G"} and _has_odd_case(word):
        return True
    if not is_unicode and re.fullmatch("LL+", signs):
        return True
    if "japanese" not in scripts:
        return False
    return (
        _has_odd_half_width(word, signs)
        or ("latin" in scripts and _is_odd_mixture(signs))
        or (not is_unicode and _has_rare_kanji(signs))
    )


def _has_odd_case(word: str) -> bool:
    """A letter outside ASCII that is a capital behind a small letter, or between two."""
    return any(
        after.isupper() and before.islower() and not (after.isascii() and before.isascii())
        for before, after in pairwise(word)
    )


def _has_odd_half_width(word: str, signs: str) -> bool:
    for run in re.finditer("[hd]+", signs):
        kana = word[run.start() : run.end()]
        if kana[0] in _NEVER_FIRST:
            return True
        for before, sign in pairwise(kana):
            if (sign == "ﾞ" and before not in _VOICED) or (sign == "ﾟ" and before not in _HALF_VOICED):
                return True
        beside = signs[run.start() - 1 : run.start()] + signs[run.end() : run.end() + 1]
        if run.start() == 0:
            beside = signs[run.end() : run.end() + 1]
        if len(kana) == 1 and beside:
            return True
        if re.search("[aLw]", beside):
            return True
        # Two bytes of UTF-8 look so: a degree sign before its letter, an accent after one.
        digits = word[: run.start()] + word[run.end() :]
        if len(kana) == 2 and kana[0] in "ﾂﾃ" and digits:
            return True
    return False


def _is_odd_mixture(signs: str) -> bool:
    """One kanji amid Latin letters, or only rare ones behind small letters: 'cluster痴', 'Besan輟n'."""
    for run in re.finditer("[HKJjchdw]+", signs):
        before = signs[run.start() - 1 : run.start()] if run.start() else ""
        after = signs[run.end() : run.end() + 1]
        kinds = run[0]
        if "L" in before + after:
            return True
        if "w" in kinds and "a" in before + after:
            return True
        if len(kinds) == 1 and kinds not in "H" and ("a" in before + after or (before and after)):
            return True
        if set(kinds) <= set("jc") and "a" in before + after:
            return True
        if before and after and not set(kinds) & set("HKhd") and "j" in kinds:
            return True
    return False


def _has_rare_kanji(signs: str) -> bool:
    rare, usual = sum(sign in "jc" for sign in signs), sum(sign in "HKJ" for sign in signs)
    return rare > max(usual, 1)


_SCRIPT_OF = dict.fromkeys("aALw", "latin") | dict.fromkeys("HKhdJjc", "japanese")


@cache
def _kind(sign: str) -> str:
    """The kind of a character: a/A/L Latin, w full-width Latin, H K h d kana, J j c kanji, C G o t other letters,
    p half-width punctuation, s sign of a text, x sign of Latin-1, b line of a frame or sign of mathematics, ! none.
    """
    number = ord(sign)
    if sign.isascii():
        return "A" if sign.isupper() else "a" if sign.islower() else "s"
    category = unicodedata.category(sign)
    if category in {"Cc", "Cn", "Co", "Cs"} or number in {0xFFFD, 0xFFFE}:
        return "!"
    for first, last, kind in _RANGES:
        if first <= number <= last:
            return kind
    if "CJK" in unicodedata.name(sign, ""):
        return _kanji(sign)
    if category.startswith(("L", "M")):
        script = unicodedata.name(sign, "?").partition(" ")[0]
        return {"LATIN": "L", "CYRILLIC": "C", "GREEK": "G", "HANGUL": "o", "MODIFIER": "s"}.get(script, "t")
    return "s" if number >= 0x2100 else "x"


_RANGES = (
    (0x0250, 0x02B8, "t"),
    (0x2200, 0x23FF, "b"),
    (0x2500, 0x259F, "b"),
    (0x3005, 0x3007, "J"),
    (0x3000, 0x3020, "s"),
    (0x3041, 0x3096, "H"),
    (0x309D, 0x309F, "H"),
    (0x30A1, 0x30FA, "K"),
    (0x30FC, 0x30FE, "K"),
    (0xFF61, 0xFF64, "p"),
    (0xFF66, 0xFF9D, "h"),
    (0xFF9E, 0xFF9F, "d"),
    (0xFF21, 0xFF3A, "w"),
    (0xFF41, 0xFF5A, "w"),
)


def _kanji(sign: str) -> str:
    """J for the 2,965 usual kanji of JIS X 0208 (level 1), j for its level 2, c for all others."""
    try:
        lead = sign.encode("euc_jp")[0]
    except UnicodeEncodeError:
        return "c"
    return "J" if 0xB0 <= lead <= 0xCF else "j" if lead >= 0xD0 else "c"
