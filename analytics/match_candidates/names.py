"""Belongs here: a printed name as the forms it may take: whole, without brackets, each part, acronym, initials.

Does not belong here: how forms are compared (`evidence`), or what a word means (`vocabulary`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analytics.match_candidates.folding import CJK, JAPANESE_OR_CHINESE, RUN, fold, read_column, spelling_key, to_latin
from analytics.match_candidates.romanisation import is_chinese, read_chinese, read_japanese
from analytics.match_candidates.vocabulary import FUNCTION, LEGAL, LONGEST_PHRASE, Vocabulary, vocabulary

WHOLE, PART, SHORTENED, ACRONYM, INITIALS = "whole", "part", "shortened", "acronym", "initials"
# What kind of body a name names. A part of a name that has one of these words is likely a name itself.
HEADS = frozenset(f"={head}" for (head,) in read_column("kind_of_body.csv", "concept"))
_BRACKET = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]*)(?:[)）\]】〕]|$)")
_SLASH = re.compile(r"\s*[/／|;]\s*")
_DASH = re.compile(r"\s+[-–—‐|:]+\s+|\s+[–—]|[–—]\s+|:\s+")
_COMMA = re.compile(r"\s*[,，、]\s*")
_ELISION = re.compile(r"['’`´ʼ]")
_DOTS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_SPACED_CJK = re.compile(f"(?<=[{CJK}])\\s+(?=[{CJK}])")
COMMA = "comma"
WITHOUT_MEANING = {FUNCTION, LEGAL}
_UPPER = re.compile(r"^(?=(?:.*[A-ZÀ-ÞΑ-ΩА-Я]){2})[A-ZÀ-ÞΑ-ΩА-Я0-9&+-]{2,9}$")
_MIXED_UPPER = re.compile(r"^(?=(?:.*[A-ZÀ-ÞΑ-ΩА-Я]){2})(?!.*[a-zß-ÿа-я]{4})[\w&+-]{2,8}$")


@dataclass(frozen=True)
class Form:
    """One way to read a name: its tokens in order, what kind of reading it is, and what was dropped on the way."""

    kind: str
    tokens: tuple[str, ...]
    surface: str
    factor: float = 1.0
    has_legal_form: bool = False
    is_read_aloud: bool = False


def forms(text: str, language: str = "", country: str = "") -> tuple[Form, ...]:
    """All forms of a printed name, the whole name first; no form twice. An empty name has none."""
    found: dict[tuple[bool, bool, tuple[str, ...]], Form] = {}
    text = _SPACED_CJK.sub("", _DOTS.sub(lambda dots: dots.group().replace(".", ""), text.replace("\x00", " ")))
    for kind, piece, factor in _pieces(text):
        form = _read(kind, piece, factor, language, country)
        if not form.tokens or (kind != WHOLE and _is_place_only(form)):
            continue
        if factor == _UNLESS_HEAD:
            form = replace(form, factor=0.95 if HEADS.intersection(form.tokens) else 0.5)
        for made in (form, *_read_as_one(form, piece, language, country), *_initials(form, piece)):
            place = (made.kind in {ACRONYM, INITIALS}, made.kind == INITIALS, tuple(sorted(made.tokens)))
            if place not in found or found[place].factor < made.factor:
                found[place] = made
    return tuple(found.values())


_UNLESS_HEAD = -1.0  # 0.95 when the part names a kind of body, else 0.5


def _pieces(text: str) -> Iterator[tuple[str, str, float]]:
    """The name without its brackets, then what stands in brackets, then parts, then an acronym within.

    Each with how far a match of it speaks for the whole name.
    """
    plain = " ".join(_BRACKET.sub(" ", text).split()) or text
    yield WHOLE, plain, 1.0
    if " " not in plain and not JAPANESE_OR_CHINESE.search(plain):
        yield ACRONYM, plain, 1.0
    for part in (part.strip() for part in _BRACKET.findall(text)):
        if len(part) >= 2 and part != plain:
            yield (ACRONYM, part, 1.0) if _is_acronym(part) else (PART, part, _UNLESS_HEAD)
    for mark, usual in ((_SLASH, _UNLESS_HEAD), (_DASH, 0.7)):
        parts = [part for part in mark.split(plain) if len(part) >= 2]
        if len(parts) == 2:
            beside_acronym = any(_is_acronym(part) for part in parts)
            for part in parts:
                yield (ACRONYM, part, 1.0) if _is_acronym(part) else (PART, part, 0.95 if beside_acronym else usual)
    commas = _COMMA.split(plain)
    for cut in range(len(commas) - 1, 0, -1):
        yield COMMA, "\x00".join((", ".join(commas[:cut]), ", ".join(commas[cut:]))), 0.98
    yield from _acronym_at_an_end(plain)


def _acronym_at_an_end(plain: str) -> Iterator[tuple[str, str, float]]:
    """VTT Technical Research Centre of Finland: the acronym, and the name without it."""
    tokens = plain.split()
    if not 3 <= len(tokens) <= 14 or plain.isupper():
        return
    for place in (0, len(tokens) - 1):
        word = tokens[place].strip(",.;:")
        if _UPPER.match(word) and len(word) >= 3:
            rest = tokens[:place] + tokens[place + 1 :]
            yield ACRONYM, word, 1.0
            yield PART, " ".join(rest), 0.97 if _starts_with(word, rest) else 0.8


def _starts_with(word: str, rest: list[str]) -> bool:
    """Whether the letters of the acronym are those with which the capitalised words of the rest start."""
    return "".join(part[0] for part in rest if part[0].isupper()).casefold() == word.casefold()


def _is_acronym(text: str) -> bool:
    return " " not in text and bool(_UPPER.match(text) or _MIXED_UPPER.match(text))


def _read_as_one(form: Form, piece: str, language: str, country: str) -> Iterator[Form]:
    """A name read aloud in several words may be printed in one: 模型川 is mokei and kawa, or Mokeigawa."""
    if form.is_read_aloud and form.kind != ACRONYM and "\x00" not in piece:
        tokens, legal, _ = _tokens(piece, language, country, as_one=True)
        if tokens != form.tokens:
            yield Form(PART, tokens, form.surface, form.factor * 0.98, legal, True)


def _read(kind: str, piece: str, factor: float, language: str, country: str) -> Form:
    if kind == COMMA:
        head, tail = piece.split("\x00")
        after = _read(PART, tail, factor, language, country)
        return _read(PART, head, factor, language, country) if _is_place_only(after) else Form(PART, (), "")
    if kind == ACRONYM:
        key = to_latin(piece.replace("&", "").replace("+", "plus"))
        return Form(ACRONYM, (key,) if key else (), key)
    tokens, legal, aloud = _tokens(piece, language, country)
    surface = " ".join(to_latin(match.group()) for match in RUN.finditer(fold(piece)))
    return Form(kind, tokens, surface, factor, legal, aloud)


def _is_place_only(form: Form) -> bool:
    return form.kind != ACRONYM and all(part[0] in "@#" or part == "=city" for part in form.tokens)


def _tokens(piece: str, language: str, country: str, as_one: bool = False) -> tuple[tuple[str, ...], bool, bool]:
    known = vocabulary()
    found: list[str] = []
    aloud = False
    keys: list[str] = []
    for match in RUN.finditer(_ELISION.sub(" ", fold(piece))):
        if match.lastgroup == "word":
            keys.append(spelling_key(match.group()))
            continue
        found += _spaced(known, [key for key in keys if key])
        keys = []
        for text, is_known in _unspaced(known, match.group()):
            if is_known:
                found.append(text)
                continue
            aloud = True
            if match.lastgroup == "hangul":
                read: tuple[str, ...] = (to_latin(text),)
            elif is_chinese(piece, language, country):
                read = read_chinese(text)
            else:
                read = read_japanese(text)
                read = ("".join(read),) if as_one else read
            found += [meant for word in read if word for meant in known.meaning(spelling_key(word))]
    found += _spaced(known, [key for key in keys if key])
    legal = LEGAL in found
    kept = tuple(dict.fromkeys(token for token in found if token not in WITHOUT_MEANING))
    return kept or tuple(dict.fromkeys(spelling_key(to_latin(piece)).split())), legal, aloud


def _spaced(known: Vocabulary, keys: list[str]) -> list[str]:
    """Tokens of words in an alphabet: the longest phrase first, then word by word."""
    found: list[str] = []
    at = 0
    while at < len(keys):
        for length in range(min(LONGEST_PHRASE, len(keys) - at), 1, -1):
            meant = known.phrases.get(tuple(keys[at : at + length]))
            if meant:
                found += meant
                at += length
                break
        else:
            found += known.meaning(keys[at])
            at += 1
    return found


def _unspaced(known: Vocabulary, run: str) -> Iterator[tuple[str, bool]]:
    """Known words in writing without spaces, longest first from the left, and what stands between them."""
    rest, at = "", 0
    while at < len(run):
        for length in range(min(14, len(run) - at), 0, -1):
            meant = known.unspaced.get(run[at : at + length])
            if meant:
                if rest:
                    yield rest, False
                    rest = ""
                yield from ((token, True) for token in meant)
                at += length
                break
        else:
            rest += run[at]
            at += 1
    if rest:
        yield rest, False


def _initials(form: Form, piece: str) -> Iterator[Form]:
    """First letters of a name of three words or more, with and without the small words, and all but its last word."""
    if form.kind == ACRONYM or "\x00" in piece:
        return
    known = vocabulary()
    keys = [
        to_latin(match.group()) for match in RUN.finditer(_ELISION.sub(" ", fold(piece))) if match.lastgroup == "word"
    ]
    keys = [key for key in keys if key and known.meaning(spelling_key(key)) != (LEGAL,)]
    content = [key for key in keys if known.meaning(spelling_key(key)) != (FUNCTION,)]
    for letters in dict.fromkeys(("".join(key[0] for key in keys), "".join(key[0] for key in content))):
        if 3 <= len(letters) <= 8:
            yield Form(INITIALS, (letters,), letters)
    if 3 <= len(content) <= 7 and form.kind == WHOLE:
        last = known.meaning(spelling_key(content[-1]))
        head = "".join(key[0] for key in content[:-1])
        yield Form(SHORTENED, (head, *last), f"{head} {content[-1]}", 0.9)
