"""Belongs here: a printed name as the forms it may take: whole, without brackets, each part, acronym, initials.

Does not belong here: how forms are compared (`evidence`), or what a word means (`vocabulary`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analytics.match_candidates.folding import RUN, fold, spelling_key, to_latin
from analytics.match_candidates.romanisation import is_chinese, read_chinese, read_japanese
from analytics.match_candidates.vocabulary import FUNCTION, LEGAL, LONGEST_PHRASE, Vocabulary, vocabulary

WHOLE, PART, ACRONYM, INITIALS = "whole", "part", "acronym", "initials"
_BRACKET = re.compile(r"[(（\[【〔「『\"“„«]([^()（）\[\]【】〔〕「」『』\"“”„«»]*)[)）\]】〕」』\"”“»]")
_PART = re.compile(r"\s+[-–—‐|:]+\s+|\s*[/／|;]\s*|\s+[–—]|[–—]\s+|・{2,}")
_COMMA = re.compile(r"\s*[,，、]\s*")
_ELISION = re.compile(r"['’`´ʼ]")
_INITIAL_DOTS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_UPPER = re.compile(r"^(?=(?:.*[A-ZÀ-ÞΑ-ΩА-Я]){2})[A-ZÀ-ÞΑ-ΩА-Я0-9&+-]{2,9}$")
_MIXED_UPPER = re.compile(r"^(?=(?:.*[A-ZÀ-ÞΑ-ΩА-Я]){2})(?!.*[a-zß-ÿа-я]{4})[\w&+-]{2,8}$")


@dataclass(frozen=True)
class Form:
    """One way to read a name: its tokens in order, what kind of reading it is, and what was dropped on the way."""

    kind: str
    tokens: tuple[str, ...]
    surface: str
    has_legal_form: bool = False
    is_read_aloud: bool = False


def forms(text: str, language: str = "", country: str = "") -> tuple[Form, ...]:
    """All forms of a printed name, the whole name first; no form twice. An empty name has none."""
    found: dict[tuple[str, tuple[str, ...]], Form] = {}
    for kind, piece in _pieces(_INITIAL_DOTS.sub(lambda dots: dots.group().replace(".", ""), text)):
        form = _read(kind, piece, language, country)
        if not form.tokens or (kind != WHOLE and _is_place_only(form)):
            continue
        for made in (form, *_initials(form, piece)):
            found.setdefault((INITIALS if made.kind == INITIALS else "", tuple(sorted(made.tokens))), made)
    return tuple(found.values())


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The name without its brackets, then what stands in brackets, then parts, then an acronym within."""
    plain = " ".join(_BRACKET.sub(" ", text).split()) or text
    inside = [part.strip() for part in _BRACKET.findall(text) if len(part.strip()) >= 2]
    yield (ACRONYM if _is_acronym(plain) else WHOLE), plain
    for part in inside:
        if part != plain:
            yield (ACRONYM if _is_acronym(part) else PART), part
    parts = [part for part in _PART.split(plain) if len(part) >= 2]
    if len(parts) > 1:
        for part in parts:
            yield (ACRONYM if _is_acronym(part) else PART), part
    commas = _COMMA.split(plain)
    for cut in range(len(commas) - 1, 0, -1):
        yield "comma", "\x00".join((", ".join(commas[:cut]), ", ".join(commas[cut:])))
    tokens = plain.split()
    if 2 <= len(tokens) <= 14 and not plain.isupper():
        for place in {0, len(tokens) - 1}:
            word = tokens[place].strip(",.;:")
            if _UPPER.match(word) and len(word) >= 3:
                yield ACRONYM, word
                yield PART, " ".join(tokens[:place] + tokens[place + 1 :])


def _is_acronym(text: str) -> bool:
    return " " not in text and bool(_UPPER.match(text) or _MIXED_UPPER.match(text))


def _read(kind: str, piece: str, language: str, country: str) -> Form:
    if kind == "comma":
        head, tail = piece.split("\x00")
        after = _read(PART, tail, language, country)
        if not _is_place_only(after):
            return Form(PART, (), "")
        return _read(PART, head, language, country)
    if kind == ACRONYM:
        key = to_latin(piece.replace("&", "").replace("+", "plus"))
        return Form(ACRONYM, (key,) if key else (), key)
    tokens, legal, aloud = _tokens(piece, language, country)
    surface = " ".join(to_latin(match.group()) for match in RUN.finditer(fold(piece)))
    return Form(kind, tokens, surface, legal, aloud)


def _is_place_only(form: Form) -> bool:
    return form.kind != ACRONYM and all(token[0] in "@#" or token == "=city" for token in form.tokens)


def _tokens(piece: str, language: str, country: str) -> tuple[tuple[str, ...], bool, bool]:
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
        for token, is_known in _unspaced(known, match.group()):
            if is_known:
                found.append(token)
                continue
            aloud = True
            if match.lastgroup == "hangul":
                read: tuple[str, ...] = (to_latin(token),)
            elif is_chinese(piece, language, country):
                read = read_chinese(token)
            else:
                read = read_japanese(token)
            found += [meant for word in read if word for meant in known.meaning(spelling_key(word))]
    found += _spaced(known, [key for key in keys if key])
    legal = LEGAL in found
    kept = tuple(dict.fromkeys(token for token in found if token not in {FUNCTION, LEGAL}))
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
    """First letters of a name of three words or more, with and without the small words."""
    if form.kind == ACRONYM or "\x00" in piece:
        return
    known = vocabulary()
    keys = [to_latin(match.group()) for match in RUN.finditer(_ELISION.sub(" ", fold(piece))) if match.lastgroup == "word"]
    keys = [key for key in keys if key and known.meaning(spelling_key(key)) != (LEGAL,)]
    heads = ["".join(key[0] for key in keys)]
    heads.append("".join(key[0] for key in keys if known.meaning(spelling_key(key)) != (FUNCTION,)))
    for letters in dict.fromkeys(heads):
        if 3 <= len(letters) <= 8:
            yield Form(INITIALS, (letters,), letters)
