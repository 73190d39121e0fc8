"""The three forms of a printed text: as printed, as shown, and the key by which two spellings are one.

Belongs here: signs nobody sees, blanks, footnote marks, width, case, old and variant kanji. Does not belong here: what
a text means, and how names of different wording are matched (another room).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.values.tables import read_values_table

# Signs that only work within Arabic and Indic words stay there: they change how the word is read.
_JOINERS = "\u200c\u200d"
_JOINED_SCRIPTS = re.compile("[\u0600-\u0dff]")
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Format signs that are seen: Arabic number signs.
_SEEN_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")
_BLANK_CONTROLS = frozenset("\t\n\r\v\f\x85")
# Letters by their class that print nothing: Hangul fillers, the empty Braille pattern.
_EMPTY_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d]")
_KANA = re.compile("[ぁ-ゟァ-ヺー-ヿㇰ-ㇿ]")
_SEPARATORS = " ,、，・"
# No mark is longer, and no value has more of them; the signs before a mark that matter are near it. Without these
# bounds a hostile cell of thousands of brackets would keep the patterns busy for minutes.
_TAIL = 48
_MOST_MARKS = 12
_NEAR = 120
# Folding once is nearly always enough; a letter may decompose into one that folds again.
_ROUNDS = 8


@dataclass(frozen=True)
class FootnoteMark:
    """One kind of mark: how it is printed at the end of a value, and what may not stand before it."""

    name: str
    at_end: re.Pattern[str]
    never_after: re.Pattern[str] | None


@dataclass(frozen=True)
class CleanText:
    """A text without unseen signs, and what was done to it."""

    text: str
    steps: tuple[str, ...] = ()


def clean(text: str) -> CleanText:
    """Control, zero-width and direction signs out, every blank a space and single, outer blanks off, NFC.

    Everything a reader sees stays: ㈱, ①, 髙, 〜, full width and variation selectors.
    """
    # What is printable holds no control, format or odd blank sign; most texts of a column are so, in any script.
    is_plain = text.isprintable() and "  " not in text and text == text.strip(" ")
    if (
        is_plain
        and (text.isascii() or not _EMPTY_LETTERS.intersection(text))
        and unicodedata.is_normalized("NFC", text)
    ):
        return CleanText(text)
    steps: dict[str, None] = {}
    signs: list[str] = []
    for place, sign in enumerate(text):
        kept, step = _kept(text, place, sign)
        signs.append(kept)
        if step:
            steps[step] = None
    seen = "".join(signs)
    single = " ".join(seen.split(" "))
    single = re.sub(" {2,}", " ", single).strip(" ")
    if len(single) != len(seen):
        steps["blanks_trimmed"] = None
    composed = unicodedata.normalize("NFC", single)
    if composed != single:
        steps["letters_composed"] = None
    return CleanText(composed, tuple(steps))


def _kept(text: str, place: int, sign: str) -> tuple[str, str]:
    """What stays of one sign, and the step if it is not the sign itself."""
    kind = unicodedata.category(sign)
    code = f"U+{ord(sign):04X}"
    is_blank = kind in {"Zs", "Zl", "Zp"} or sign in _BLANK_CONTROLS or sign in _EMPTY_LETTERS
    if is_blank:
        return " ", "" if sign == " " else f"blank_replaced:{code}"
    if kind == "Cs":
        return "\ufffd", f"broken_sign_replaced:{code}"
    if kind == "Cc":
        return "", f"control_sign_removed:{code}"
    is_joining = sign in _JOINERS and place and _JOINED_SCRIPTS.match(text[place - 1])
    if kind == "Cf" and sign not in _SEEN_FORMAT and not is_joining:
        return "", f"{'direction' if sign in _DIRECTION else 'invisible'}_sign_removed:{code}"
    return sign, ""


def without_footnote_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the footnote marks at its end, and the marks as printed, in their order.

    A text that is nothing but marks stays: an asterisk alone is a value. Powers (m²) are no marks, nor are the signs
    that ``kept_ending.csv`` knows as part of a name.
    """
    rest = text
    marks: list[str] = []
    while hit := _last_mark(rest.rstrip(" ")) or (marks and _last_mark(rest.rstrip(_SEPARATORS))):
        rest, mark = hit
        marks.insert(0, mark)
        if len(marks) > _MOST_MARKS:
            return text, ()
    rest = rest.rstrip(" ")
    if not marks or _is_mark(rest):
        return text, ()
    return rest, tuple(marks)


def _last_mark(text: str) -> tuple[str, str] | None:
    # Only a few signs can end a mark; most texts are done here.
    if not text or not _mark_ends().match(text[-1]) or _is_kept(text):
        return None
    start = max(0, len(text) - _TAIL)
    for mark in footnote_marks():
        found = mark.at_end.search(text, start)
        if found is None:
            continue
        near = text[max(0, found.start() - _NEAR) : found.start()]
        if near.strip(_SEPARATORS) and not (mark.never_after and mark.never_after.search(near)):
            return text[: found.start()], found[0].strip()
    return None


def _is_mark(text: str) -> bool:
    return len(text) <= _TAIL and any(mark.at_end.fullmatch(text) for mark in footnote_marks())


def _is_kept(text: str) -> bool:
    return any(text.endswith(ending) and not text[: -len(ending)][-1:].isalnum() for ending in _kept_endings())


@cache
def _kept_endings() -> tuple[str, ...]:
    return tuple(row["ending"] for row in read_values_table("kept_ending"))


@cache
def _mark_ends() -> re.Pattern[str]:
    return re.compile(r"[⁰¹²³⁴-⁹⁾ⁿᵃ-ᵉ※*＊†‡)）\]］】0-9０-９]")


@cache
def footnote_marks() -> tuple[FootnoteMark, ...]:
    """The kinds of marks of ``footnote_mark.csv``, in its order."""
    return tuple(
        FootnoteMark(
            row["mark"],
            re.compile(f"(?:{row['pattern']})$"),
            re.compile(row["never_after"]) if row["never_after"] else None,
        )
        for row in read_values_table("footnote_mark")
    )


def display_form(text: str, *, keeps_marks: bool = False) -> str:
    """A name as it may be shown: clean and without footnote marks; what is seen of it stays as printed.

    ``keeps_marks`` is for columns whose card says that such signs are part of the names.
    """
    before, shown = None, text
    while before != shown:
        before, shown = shown, clean(shown).text
        if not keeps_marks:
            shown, _ = without_footnote_marks(shown)
    return shown


@lru_cache(maxsize=200_000)
def name_key(text: str, *, keeps_marks: bool = False) -> str:
    """The key by which two spellings of one name are equal: width, case, old kanji, punctuation and blanks folded.

    NFKC does most of it. What it does not is done by ``kanji_variant.csv`` and here: variation selectors, and a long
    mark that follows no kana, which is a dash. A text of signs only has the empty key. Key of the key is the key.
    """
    before, key = None, text
    for _ in range(_ROUNDS):
        if before == key:
            break
        before, key = key, _folded(display_form(key, keeps_marks=keeps_marks))
    return key


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _SELECTORS.sub("", text)).casefold()
    plain = unicodedata.normalize("NFKC", plain).translate(variant_kanji())
    kept: list[str] = []
    for sign in plain:
        # Judged by what is kept: of a run of dashes at the start none follows kana.
        is_dash = sign == "ー" and not (kept and _KANA.match(kept[-1]))
        kind = unicodedata.category(sign)
        if not is_dash and kind[0] not in "PSZ" and kind not in {"Cc", "Cf", "Cs"}:
            kept.append(sign)
    return "".join(kept)


@cache
def variant_kanji() -> Mapping[int, str]:
    """Old and variant kanji to the form of today, as ``str.translate`` takes it."""
    return {ord(row["variant"]): row["today"] for row in read_values_table("kanji_variant")}
