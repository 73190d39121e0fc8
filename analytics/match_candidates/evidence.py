"""Belongs here: what a pair of names is worth: named evidence with an amount, times the weights of `evidence.csv`.

Does not belong here: which pairs are compared (`blocking`), or what follows from a score (`proposals`, `grouping`).
A score is the sum of amount times weight, cut to 0 .. 1. Nothing is learned; every weight can be read and disputed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.match_candidates.features import KINDS
from analytics.match_candidates.prepared import Prepared, overlap

if TYPE_CHECKING:
    import numpy as np

LEAST_WORDS = 0.3  # share of words from which on it is worth saying how they are shared
CROWD = 8.0  # mentions with one acronym from which on it tells less
ENOUGH = 0.9  # weight of shared words from which on a name is no longer made of common words only
ACRONYM_BY_LENGTH = (0.0, 0.0, 0.4, 0.8, 0.95, 1.0)


@cache
def weights_of_evidence() -> dict[str, tuple[float, str]]:
    """Weight and sentence of each evidence from `evidence.csv`, in the order in which a reader wants them."""
    with Path(__file__).with_name("evidence.csv").open(encoding="utf-8", newline="") as file:
        return {row["evidence"]: (float(row["weight"]), row["sentence"]) for row in csv.DictReader(file)}


@dataclass
class Pairs:
    """Pairs of rows (`left`, `right`) and the amount of each evidence by pair; `form` is the best pair of forms."""

    left: np.ndarray
    right: np.ndarray
    amount: dict[str, np.ndarray]
    left_form: np.ndarray
    right_form: np.ndarray
    score: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.rescore()

    def rescore(self) -> None:
        """Sum of amount times weight, from 0 to 1, to four digits."""
        import numpy as np

        total = np.zeros(len(self.left))
        for name, amount in self.amount.items():
            total += weights_of_evidence()[name][0] * amount
        self.score = np.round(np.clip(total, 0.0, 1.0), 4)

    def take(self, places: np.ndarray) -> Pairs:
        """The pairs at these places."""
        return Pairs(
            self.left[places],
            self.right[places],
            {name: amount[places] for name, amount in self.amount.items()},
            self.left_form[places],
            self.right_form[places],
        )


def compare(one: Prepared, other: Prepared, left_form: np.ndarray, right_form: np.ndarray) -> Pairs:
    """Evidence for every pair of rows behind the given pairs of forms; the whole names are compared in any case."""
    import numpy as np

    whole = (one.first[one.names.owner[left_form]], other.first[other.names.owner[right_form]])
    size = np.int64(len(other.names.kind) + 1)
    code = np.unique(np.concatenate([left_form * size + right_form, whole[0] * size + whole[1]]))
    forms = (code // size, code % size)
    pairs = _by_row(one, other, *forms, _names_of(one, other, *forms))
    _other_columns(pairs, one, other)
    _spelling(pairs, one, other)
    _details(pairs, one, other)
    pairs.rescore()
    return pairs


@dataclass
class _NameEvidence:
    words: np.ndarray
    acronym: np.ndarray
    initials: np.ndarray
    shared: np.ndarray
    alone: np.ndarray
    more: np.ndarray
    university: np.ndarray


def _names_of(one: Prepared, other: Prepared, left: np.ndarray, right: np.ndarray) -> _NameEvidence:
    """What pairs of forms share: words, acronyms, initials; and what each has alone.

    The share of words is twice the weight of the shared words over the weight of all, as in Dice's coefficient.
    """
    import numpy as np

    kinds = (one.names.kind[left], other.names.kind[right])
    mine = overlap(one.own, left, other.near, right)
    theirs = overlap(other.own, right, one.near, left)
    whole = np.maximum(one.total[left] + other.total[right], 1e-9)
    share = (mine + theirs) / whole
    alone = 2.0 * np.minimum(one.total[left] - mine, other.total[right] - theirs) / whole
    lowest, highest = np.minimum(*kinds), np.maximum(*kinds)
    factor = np.minimum(one.names.factor[left], other.names.factor[right])
    words = np.where((highest <= KINDS["shortened"]) & (lowest < KINDS["shortened"]), share * factor, 0.0)
    equal = (share > 0.999) & (highest >= KINDS["acronym"])
    length = np.minimum(np.minimum(one.length[left], other.length[right]), len(ACRONYM_BY_LENGTH) - 1)
    crowd = np.maximum(one.crowd[left], other.crowd[right])
    strength = np.array(ACRONYM_BY_LENGTH)[length] * np.minimum(1.0, CROWD / np.maximum(crowd, 1.0))
    more = (one.concepts[left] - overlap(one.meant, left, other.near, right)) + (
        other.concepts[right] - overlap(other.meant, right, one.near, left)
    )
    return _NameEvidence(
        words,
        np.where(equal & (highest == KINDS["acronym"]), strength, 0.0),
        np.where(equal & (highest == KINDS["initials"]) & (lowest == KINDS["acronym"]), strength, 0.0),
        (mine + theirs) / 2.0,
        np.clip(alone, 0.0, 1.0),
        np.clip(more / whole, 0.0, 1.0),
        _university_more(one, other, left, right),
    )


def _university_more(one: Prepared, other: Prepared, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Weight of the fields that one of two universities has more: a technical, medical or city university is another.

    National, state and the like do not count: translations leave them out.
    """
    import numpy as np

    found = np.zeros(len(left))
    unequal = (one.fields[left] > 0) | (other.fields[right] > 0)
    at = np.flatnonzero(unequal & one.is_university[left] & other.is_university[right])
    mine = one.fields[left[at]] - overlap(one.field, left[at], other.near, right[at])
    theirs = other.fields[right[at]] - overlap(other.field, right[at], one.near, left[at])
    found[at] = np.clip(mine + theirs, 0.0, 1.0)
    return found


def _by_row(
    one: Prepared, other: Prepared, left_form: np.ndarray, right_form: np.ndarray, found: _NameEvidence
) -> Pairs:
    """The best words and the best acronym of all forms of a pair of rows."""
    import numpy as np

    rows = (one.names.owner[left_form], other.names.owner[right_form])
    code = rows[0] * np.int64(len(other.names.rows) + 1) + rows[1]
    order = np.lexsort((right_form, left_form, -found.shared, found.alone - found.words, code))
    code = code[order]
    first = (
        np.flatnonzero(np.concatenate(([True], code[1:] != code[:-1]))) if len(code) else np.zeros(0, dtype=np.int64)
    )
    at = order[first]

    def most(values: np.ndarray) -> np.ndarray:
        return np.maximum.reduceat(values[order], first) if len(first) else np.zeros(0)

    equal, started = most(found.acronym), most(found.initials)
    short = one.is_short[rows[0][at]] | other.is_short[rows[1][at]]
    words, shared = found.words[at], found.shared[at]
    return Pairs(
        rows[0][at],
        rows[1][at],
        {
            "words_shared": words,
            "acronym_equal": equal,
            "acronym_initials": np.where(equal > 0, 0.0, started),
            "acronym_alone": np.where(short, np.maximum(equal, started), 0.0),
            "words_apart": found.alone[at],
            "field_more": found.more[at],
            "university_more": found.university[at],
            "common_words_only": np.where(words > LEAST_WORDS, np.clip(1.0 - shared / ENOUGH, 0.0, 1.0), 0.0),
        },
        left_form[at],
        right_form[at],
    )


def _other_columns(pairs: Pairs, one: Prepared, other: Prepared) -> None:
    """Web domain, country, region and founding year: the same, another, or not printed on one side (no evidence)."""
    import numpy as np

    for column, name in (("domain", "domain"), ("country", "country"), ("region", "region"), ("founded_year", "year")):
        mine, theirs = one.column[column][pairs.left], other.column[column][pairs.right]
        both = (mine > 0) & (theirs > 0)
        pairs.amount["same_" + name] = np.where(both & (mine == theirs), 1.0, 0.0)
        pairs.amount["other_" + name] = np.where(both & (mine != theirs), 1.0, 0.0)


def _spelling(pairs: Pairs, one: Prepared, other: Prepared) -> None:
    """Names equal but for spaces and a slip or two, and names cut off within a word, count as sharing their words."""
    import numpy as np
    from rapidfuzz.distance import OSA
    from rapidfuzz.fuzz import token_sort_ratio
    from rapidfuzz.process import cpdist

    whole = (one.first[pairs.left], other.first[pairs.right])
    joined = (one.joined[whole[0]], other.joined[whole[1]])
    length = np.minimum(_lengths(one.joined)[whole[0]], _lengths(other.joined)[whole[1]])
    off = cpdist(joined[0], joined[1], scorer=OSA.distance, score_cutoff=3, workers=1)
    near = (off <= np.where(length >= 14, 2, 1)) & (length >= 6)
    same = (one.beginning[whole[0]] == other.beginning[whole[1]]) & (one.beginning[whole[0]] > 0) & ~near
    cut = np.zeros(len(near), dtype=bool)
    for place in np.flatnonzero(same).tolist():
        cut[place] = _is_cut(one.surface[whole[0][place]], other.surface[whole[1][place]])
    spelt = np.where(near, 1.0 - 0.04 * off, np.where(cut, 0.85, 0.0))
    better = spelt > pairs.amount["words_shared"]
    pairs.amount["words_shared"] = np.where(better, spelt, pairs.amount["words_shared"])
    for name in ("words_apart", "field_more", "university_more"):
        pairs.amount[name] = pairs.amount[name] * np.where(better & (off <= 1), 0.3, 1.0)
    alone = one.is_one_word[whole[0]] | other.is_one_word[whole[1]]
    begins = (one.first_word[whole[0]] == other.first_word[whole[1]]) & (one.first_word[whole[0]] > 0) & alone
    pairs.amount["name_begins"] = np.where(begins & (pairs.amount["words_shared"] < 1.0), 1.0, 0.0)
    surfaces = (one.surface[pairs.left_form], other.surface[pairs.right_form])
    ratio = cpdist(surfaces[0], surfaces[1], scorer=token_sort_ratio, workers=1) / 100.0
    pairs.amount["spelling_close"] = np.clip((ratio - 0.75) / 0.25, 0.0, 1.0)


def _lengths(texts: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))


def _is_cut(one: str, other: str) -> bool:
    """Whether the longer name goes on within the last word of the shorter one."""
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) < len(long) and long.startswith(short) and long[len(short)] != " "


def _details(pairs: Pairs, one: Prepared, other: Prepared) -> None:
    """Contradicting places and numbers, and how equal words came to be equal."""
    import numpy as np

    left, right = pairs.left_form, pairs.right_form
    for name, mine, theirs in (
        ("other_place", one.places, other.places),
        ("other_number", one.numbers, other.numbers),
    ):
        both = (np.diff(mine.indptr)[left] > 0) & (np.diff(theirs.indptr)[right] > 0)
        found = np.zeros(len(left))
        at = np.flatnonzero(both)
        found[at] = overlap(mine, left[at], theirs, right[at]) == 0
        pairs.amount[name] = found
    strong = pairs.amount["words_shared"] > LEAST_WORDS
    known = overlap(one.known, left, other.known, right)
    translated = np.where(strong & (known > overlap(one.said, left, other.said, right)), 1.0, 0.0)
    pairs.amount["translated"] = translated
    pairs.amount["words_untranslated"] = pairs.amount["words_apart"] * translated
    pairs.amount["words_apart"] = pairs.amount["words_apart"] * (1.0 - translated)
    fewest = np.minimum(np.diff(one.plain.indptr)[left], np.diff(other.plain.indptr)[right])
    unequal = overlap(one.plain, left, other.plain, right) < fewest
    pairs.amount["misspelt"] = np.where((pairs.amount["words_shared"] > 0.9) & unequal, 1.0, 0.0)
    for name, mine, theirs in (
        ("romanised", one.names.aloud, other.names.aloud),
        ("legal_form", one.names.legal, other.names.legal),
    ):
        pairs.amount[name] = np.where(strong & (mine[left] | theirs[right]), 1.0, 0.0)
    equal = one.column["name"][pairs.left] == other.column["name"][pairs.right]
    pairs.amount["name_equal"] = np.where(equal, 1.0, 0.0)


def reasons(pairs: Pairs) -> list[str]:
    """The evidence of each pair in words, strongest kind first, joined by `; `."""
    import numpy as np

    table = weights_of_evidence()
    shown = [name for name in table if name in pairs.amount]
    least = {
        "words_shared": 0.25,
        "spelling_close": 0.4,
        "common_words_only": 0.3,
        "words_apart": 0.05,
        "words_untranslated": 0.05,
        "field_more": 0.05,
        "university_more": 0.05,
    }
    bits = np.zeros(len(pairs.left), dtype=np.int64)
    for place, name in enumerate(shown):
        bits |= (pairs.amount[name] > least.get(name, 0.0)).astype(np.int64) << place
    shares = np.round(pairs.amount["words_shared"] * 100).astype(int)
    words = shown.index("words_shared")
    text: dict[int, list[str]] = {}
    for code in np.unique(bits).tolist():
        text[code] = [table[name][1] for place, name in enumerate(shown) if code >> place & 1 and place != words]
    return [
        "; ".join(([f"{share} % of the words shared"] if code >> words & 1 else []) + text[code])
        or "a rare word shared"
        for code, share in zip(bits.tolist(), shares.tolist(), strict=True)
    ]
