"""Belongs here: names as sparse rows over one vocabulary, with the weight of each token.

Does not belong here: pairs (`blocking`), or what a pair is worth (`evidence`).
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.match_candidates.folding import sound_key, stem
from analytics.match_candidates.names import ACRONYM, INITIALS, PART, SHORTENED, WHOLE, Form, forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    import pandas as pd
    from scipy import sparse

KINDS = {WHOLE: 0, PART: 1, SHORTENED: 2, ACRONYM: 3, INITIALS: 4}
IDF_SHARE = 0.75
FLOOR = 0.25
_VOWEL = re.compile("[aeiou]")


@dataclass
class Names:
    """Forms of a list of named things: `owner` says whose each form is; `kind` as in `KINDS`; the rest by form."""

    rows: pd.DataFrame
    owner: np.ndarray
    kind: np.ndarray
    tokens: list[tuple[str, ...]]
    surface: list[str]
    factor: np.ndarray
    legal: np.ndarray
    aloud: np.ndarray


def read_names(rows: pd.DataFrame, side: str = "mention") -> Names:
    """Forms of every row's name and other names; each distinct name is read once. `side` tells two lists apart."""
    import numpy as np

    read: dict[tuple[str, str, str], tuple[Form, ...]] = {}
    owner, found = [], []
    for number, (name, others, language, country) in enumerate(
        zip(rows["name"], rows["other_names"], rows["language"], rows["country"], strict=True)
    ):
        listed = [name, *(part for part in re.split(r"\s*[;|]\s*", others) if part)] if others else [name]
        seen = set()
        for printed in listed:
            place = (printed, language, country if country in {"CN", "JP", "TW", "HK"} else "")
            if place not in read:
                read[place] = forms(*place)
            for form in read[place]:
                if (form.kind, form.tokens) not in seen:
                    seen.add((form.kind, form.tokens))
                    owner.append(number)
                    found.append(form)
        if not seen:  # nothing to read: a token of its own, which no other row has
            owner.append(number)
            found.append(Form(WHOLE, (f"(unnamed {side} {number})",), ""))
    return Names(
        rows,
        np.array(owner, dtype=np.int64),
        np.array([KINDS[form.kind] for form in found], dtype=np.int8),
        [form.tokens for form in found],
        [form.surface for form in found],
        np.array([form.factor for form in found]),
        np.array([form.has_legal_form for form in found], dtype=bool),
        np.array([form.is_read_aloud for form in found], dtype=bool),
    )


@dataclass
class Weights:
    """All tokens in play, sorted; `weight` by token; `alike` holds 1 for itself, less for look-alikes."""

    index: dict[str, int]
    weight: np.ndarray
    frequency: np.ndarray
    alike: sparse.csr_matrix

    def matrix(self, tokens: list[tuple[str, ...]]) -> sparse.csr_matrix:
        """One row per form, one for each token it contains."""
        import numpy as np
        from scipy import sparse

        lengths = np.fromiter((len(row) for row in tokens), dtype=np.int64, count=len(tokens))
        pointer = np.concatenate(([0], np.cumsum(lengths)))
        columns = np.fromiter((self.index[token] for row in tokens for token in row), dtype=np.int32, count=pointer[-1])
        shape = (len(tokens), len(self.index))
        made = sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, pointer), shape=shape)
        made.sort_indices()
        return made


@cache
def factors() -> dict[str, float]:
    """How much of its rarity a concept counts for, from `word_weight.csv`."""
    with Path(__file__).with_name("word_weight.csv").open(encoding="utf-8", newline="") as file:
        return {"=" + row["concept"]: float(row["factor"]) for row in csv.DictReader(file)}


def weigh(lists: list[Names]) -> Weights:
    """Weights of all tokens of the lists: rare tokens weigh most, generic concepts least."""
    import numpy as np

    counts: dict[str, int] = {}
    owners = 0
    for names in lists:
        owners += len(names.rows)
        last = -1
        seen: set[str] = set()
        for owner, tokens in zip(names.owner.tolist(), names.tokens, strict=True):
            if owner != last:
                last, seen = owner, set()
            for token in tokens:
                if token not in seen:
                    seen.add(token)
                    counts[token] = counts.get(token, 0) + 1
    vocabulary = sorted(counts)
    index = {token: place for place, token in enumerate(vocabulary)}
    frequency = np.array([counts[token] for token in vocabulary], dtype=np.int64)
    scale = math.log(owners + 2)
    rarity = np.maximum(0.0, np.log((owners + 2) / (frequency + 1.0)) / scale)
    factor = np.array([factors().get(token, 1.0) for token in vocabulary])
    weight = (factor * (FLOOR + IDF_SHARE * rarity)).astype(np.float32)
    return Weights(index, weight, frequency, _alike(vocabulary))


@cache
def related() -> tuple[tuple[str, str, float], ...]:
    """Concepts that are translated for each other, from `related.csv`."""
    with Path(__file__).with_name("related.csv").open(encoding="utf-8", newline="") as file:
        return tuple(("=" + row["concept"], "=" + row["other"], float(row["alike"])) for row in csv.DictReader(file))


def _alike(vocabulary: list[str]) -> sparse.csr_matrix:
    """Tokens that may be one word: same stem 0.95, a letter off 0.9, two off 0.85, same sound 0.85."""
    import numpy as np
    from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
    from rapidfuzz.process import cpdist
    from scipy import sparse

    plain = [
        place
        for place, token in enumerate(vocabulary)
        if len(token) >= 4 and token[0] not in "=@#" and not token.isdigit()
    ]
    left, right = [], []
    for groups in (_groups(vocabulary, plain, key) for key in (_stems, _sounds, _one_off)):
        for members in groups:
            if 1 < len(members) <= 30:
                for at, one in enumerate(members):
                    for other in members[at + 1 :]:
                        left.append(one)
                        right.append(other)
    size = len(vocabulary)
    found = np.array([left, right], dtype=np.int64)
    pairs = np.unique(np.stack([found.min(axis=0), found.max(axis=0)]), axis=1)
    ones = [vocabulary[place] for place in pairs[0]]
    others = [vocabulary[place] for place in pairs[1]]
    near = cpdist(ones, others, scorer=JaroWinkler.similarity, workers=1)
    off = cpdist(ones, others, scorer=DamerauLevenshtein.distance, workers=1)
    short = np.array([min(len(one), len(other)) for one, other in zip(ones, others, strict=True)], dtype=np.int64)
    couples = list(zip(ones, others, strict=True))
    same_stem = np.array([stem(one) == stem(other) for one, other in couples], dtype=bool)
    same_sound = np.array([sound_key(one) == sound_key(other) for one, other in couples], dtype=bool)
    value = np.where(same_stem, 0.95, 0.0)
    value = np.maximum(value, np.where((off <= 1) & (short >= 5), 0.9, 0.0))
    value = np.maximum(value, np.where((off <= 2) & (short >= 8), 0.85, 0.0))
    # A word written without its vowels looks little like itself with them.
    bare = np.array([not (_VOWEL.search(one) and _VOWEL.search(other)) for one, other in couples], dtype=bool)
    value = np.maximum(value, np.where(same_sound & (near >= np.where(bare, 0.5, 0.75)) & (short >= 4), 0.85, 0.0))
    value = np.maximum(value, np.where((near >= 0.93) & (short >= 6), 0.85, 0.0))
    kept = value > 0
    place = {token: number for number, token in enumerate(vocabulary) if token[0] == "="}
    known = [(place[one], place[other], alike) for one, other, alike in related() if one in place and other in place]
    rows = np.concatenate([pairs[0][kept], np.array([one for one, _, _ in known], dtype=np.int64)])
    columns = np.concatenate([pairs[1][kept], np.array([other for _, other, _ in known], dtype=np.int64)])
    value = np.concatenate([value[kept], np.array([alike for _, _, alike in known])]).astype(np.float32)
    every = np.arange(size)
    return sparse.csr_matrix(
        (np.concatenate([np.ones(size, dtype=np.float32), value, value]),
         (np.concatenate([every, rows, columns]), np.concatenate([every, columns, rows]))),
        shape=(size, size),
    )  # fmt: skip


def _stems(token: str) -> tuple[str, ...]:
    return (stem(token),)


def _sounds(token: str) -> tuple[str, ...]:
    sound = sound_key(token)
    return (sound,) if len(sound) >= 3 else ()


def _one_off(token: str) -> tuple[str, ...]:
    """The token and the token without any one letter: two that share one are at most one slip apart (SymSpell)."""
    if len(token) < 5:
        return ()
    if len(token) > 14:
        return (token[:8], token[-8:])
    return (token, *{token[:at] + token[at + 1 :] for at in range(len(token))})


def _groups(vocabulary: list[str], places: list[int], key: Callable[[str], Iterable[str]]) -> list[list[int]]:
    found: dict[str, list[int]] = {}
    for place in places:
        for group in key(vocabulary[place]):
            found.setdefault(group, []).append(place)
    return [members for members in found.values() if len(members) > 1]
