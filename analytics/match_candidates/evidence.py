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

from analytics.match_candidates.features import KINDS, Names, Weights, equal_text

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

CHUNK = 400_000
ENOUGH = 0.9  # weight of shared words from which on a name is no longer made of common words only
ACRONYM_BY_LENGTH = (0.0, 0.0, 0.4, 0.8, 0.95, 1.0)
# Reasons in the order in which a reader wants them.
SHOWN = (
    "name_equal", "words_shared", "same_domain", "acronym_equal", "acronym_initials", "acronym_alone", "translated", "romanised",
    "legal_form", "misspelt", "spelling_close", "same_country", "same_region", "same_year", "other_domain", "other_country",
    "other_region", "other_year", "other_place", "other_number", "words_apart", "words_untranslated", "field_more",
    "common_words_only", "taken_in_edition",
)  # fmt: skip


@cache
def weights_of_evidence() -> dict[str, tuple[float, str]]:
    """Weight and sentence of each evidence, as reviewed in `evidence.csv`."""
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


@dataclass
class _Side:
    """One list as rows of tokens: `own` weighted, `near` its tokens and their look-alikes, `total` weight by form."""

    names: Names
    own: sparse.csr_matrix
    near: sparse.csr_matrix
    total: np.ndarray
    meant: sparse.csr_matrix
    concepts: np.ndarray
    length: np.ndarray
    rare: np.ndarray


def _side(names: Names, weights: Weights) -> _Side:
    import numpy as np

    plain = weights.matrix(names.tokens)
    own = plain.multiply(weights.weight[None, :]).tocsr()
    own.sort_indices()
    near = (plain @ weights.alike).tocsr()
    near.data = np.minimum(near.data, 1.0)
    near.sort_indices()
    length = np.array([len(row[0]) for row in names.tokens])
    rare = np.array([weights.frequency[weights.index[row[0]]] for row in names.tokens], dtype=np.float64)
    concept = np.array([token[0] == "=" for token in weights.index], dtype=np.float32)
    meant = own.multiply(concept[None, :]).tocsr()
    meant.eliminate_zeros()
    return _Side(names, own, near, _sum(own), meant, _sum(meant), length, rare)


def compare(left: Names, right: Names, weights: Weights, left_form: np.ndarray, right_form: np.ndarray) -> Pairs:
    """Evidence for every pair of rows behind the given pairs of forms; the whole names are compared in any case."""
    import numpy as np

    one = _side(left, weights)
    other = one if right is left else _side(right, weights)
    whole = (_first(left)[left.owner[left_form]], _first(right)[right.owner[right_form]])
    size = np.int64(len(right.kind) + 1)
    code = np.unique(np.concatenate([left_form * size + right_form, whole[0] * size + whole[1]]))
    left_form, right_form = code // size, code % size
    best = [
        _names_of(one, other, left_form[at : at + CHUNK], right_form[at : at + CHUNK])
        for at in range(0, max(len(left_form), 1), CHUNK)
    ]
    pairs = _by_row(left, right, left_form, right_form, *(np.concatenate(part) for part in zip(*best, strict=True)))
    _other_columns(pairs, left, right)
    _details(pairs, left, right, weights)
    pairs.rescore()
    return pairs


def _first(names: Names) -> np.ndarray:
    """The whole name of each row: its first form, or its only one."""
    import numpy as np

    first = np.zeros(len(names.rows), dtype=np.int64)
    first[names.owner[::-1]] = np.arange(len(names.owner))[::-1]
    return first


def _names_of(one: _Side, other: _Side, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, ...]:
    """For pairs of forms: share of words, of acronyms, of initials, weight of shared words, share of words each has alone.

    The share of words is twice the weight of the shared words over the weight of all, as in Dice's coefficient.
    """
    import numpy as np

    kinds = (one.names.kind[left], other.names.kind[right])
    mine = _sum(one.own[left].multiply(other.near[right]))
    theirs = _sum(other.own[right].multiply(one.near[left]))
    whole = np.maximum(one.total[left] + other.total[right], 1e-9)
    share = (mine + theirs) / whole
    alone = 2.0 * np.minimum(one.total[left] - mine, other.total[right] - theirs) / whole
    lowest, highest = np.minimum(*kinds), np.maximum(*kinds)
    factor = np.minimum(one.names.factor[left], other.names.factor[right])
    words = np.where((highest <= KINDS["shortened"]) & (lowest < KINDS["shortened"]), share * factor, 0.0)
    equal = (share > 0.999) & (highest >= KINDS["acronym"])
    length = np.minimum(np.minimum(one.length[left], other.length[right]), len(ACRONYM_BY_LENGTH) - 1)
    crowd = np.maximum(one.rare[left], other.rare[right])
    strength = np.array(ACRONYM_BY_LENGTH)[length] * np.minimum(1.0, 8.0 / np.maximum(crowd, 1.0))
    acronym = np.where(equal & (highest == KINDS["acronym"]), strength, 0.0)
    initials = np.where(equal & (highest == KINDS["initials"]) & (lowest == KINDS["acronym"]), strength, 0.0)
    more = (one.concepts[left] - _sum(one.meant[left].multiply(other.near[right]))) + (
        other.concepts[right] - _sum(other.meant[right].multiply(one.near[left]))
    )
    return words, acronym, initials, (mine + theirs) / 2.0, np.clip(alone, 0.0, 1.0), np.clip(more / whole, 0.0, 1.0)



def _sum(product: sparse.csr_matrix) -> np.ndarray:
    import numpy as np

    return np.asarray(product.sum(axis=1), dtype=np.float64).ravel()


def _by_row(
    left: Names, right: Names, left_form: np.ndarray, right_form: np.ndarray,
    words: np.ndarray, acronym: np.ndarray, initials: np.ndarray, shared: np.ndarray,
    alone: np.ndarray, more: np.ndarray,
) -> Pairs:  # fmt: skip
    """The best words and the best acronym of all forms of a pair of rows."""
    import numpy as np

    rows = (left.owner[left_form], right.owner[right_form])
    code = rows[0] * np.int64(len(right.rows) + 1) + rows[1]
    order = np.lexsort((right_form, left_form, -shared, alone - words, code))
    code = code[order]
    first = np.flatnonzero(np.concatenate(([True], code[1:] != code[:-1]))) if len(code) else np.zeros(0, dtype=np.int64)
    at = order[first]

    def most(values: np.ndarray) -> np.ndarray:
        return np.maximum.reduceat(values[order], first) if len(first) else np.zeros(0)

    equal, started = most(acronym), most(initials)
    return Pairs(
        rows[0][at],
        rows[1][at],
        {
            "words_shared": words[at],
            "acronym_equal": equal,
            "acronym_initials": np.where(equal > 0, 0.0, started),
            "words_apart": alone[at],
            "field_more": more[at],
            "acronym_alone": np.where(
                _acronym_only(left)[rows[0][at]] | _acronym_only(right)[rows[1][at]], np.maximum(equal, started), 0.0
            ),
            "common_words_only": np.where(words[at] > 0.3, np.clip(1.0 - shared[at] / ENOUGH, 0.0, 1.0), 0.0),
        },
        left_form[at],
        right_form[at],
    )


def _acronym_only(names: Names) -> np.ndarray:
    """Whether a row's name is one short word: it may be an acronym."""
    import numpy as np

    whole = [names.surface[form] for form in _first(names).tolist()]
    return np.array([" " not in text and len(text) <= 9 for text in whole], dtype=bool)


def _codes(one: list[str], other: list[str]) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    index = {text: number for number, text in enumerate(dict.fromkeys([*one, *other]))}
    return np.array([index[text] for text in one], dtype=np.int64), np.array([index[text] for text in other], dtype=np.int64)


def _other_columns(pairs: Pairs, left: Names, right: Names) -> None:
    """Web domain, country, region and founding year: the same, another, or not printed on one side (no evidence)."""
    import numpy as np

    for column, name in (("domain", "domain"), ("country", "country"), ("region", "region"), ("founded_year", "year")):
        one, other = ([str(value or "") for value in side.rows[column]] for side in (left, right))
        codes = _codes(one, other)
        given = (np.array([bool(value) for value in one]), np.array([bool(value) for value in other]))
        both = given[0][pairs.left] & given[1][pairs.right]
        same = codes[0][pairs.left] == codes[1][pairs.right]
        pairs.amount["same_" + name] = np.where(both & same, 1.0, 0.0)
        pairs.amount["other_" + name] = np.where(both & ~same, 1.0, 0.0)


def _details(pairs: Pairs, left: Names, right: Names, weights: Weights) -> None:
    """Spelling as a whole, contradicting places and numbers, and how equal words came to be equal."""
    import numpy as np
    from rapidfuzz.fuzz import token_sort_ratio
    from rapidfuzz.process import cpdist

    one, other = pairs.left_form, pairs.right_form
    surfaces = (left.surface, right.surface)
    ratio = np.zeros(len(one))
    for at in range(0, len(one), CHUNK):
        part = slice(at, at + CHUNK)
        texts = ([surfaces[0][form] for form in one[part]], [surfaces[1][form] for form in other[part]])
        ratio[part] = cpdist(*texts, scorer=token_sort_ratio, workers=1) / 100.0
    _joined(pairs, left, right)
    pairs.amount["spelling_close"] = np.clip((ratio - 0.75) / 0.25, 0.0, 1.0)
    for name, chosen in (("other_place", "@"), ("other_number", "0123456789")):
        pairs.amount[name] = _contradiction(pairs, left, right, weights, chosen)
    equal = _codes(equal_text(left), equal_text(right))
    pairs.amount["name_equal"] = (equal[0][pairs.left] == equal[1][pairs.right]).astype(float)
    strong = pairs.amount["words_shared"] > 0.3
    pairs.amount["translated"] = np.where(strong & _written_otherwise(pairs, left, right, "=@#"), 1.0, 0.0)
    pairs.amount["words_untranslated"] = pairs.amount["words_apart"] * pairs.amount["translated"]
    pairs.amount["words_apart"] = pairs.amount["words_apart"] * (1.0 - pairs.amount["translated"])
    pairs.amount["misspelt"] = np.where(strong & _nearly(pairs, left, right), 1.0, 0.0)
    pairs.amount["romanised"] = np.where(strong & (left.aloud[one] | right.aloud[other]), 1.0, 0.0)
    pairs.amount["legal_form"] = np.where(strong & (left.legal[one] | right.legal[other]), 1.0, 0.0)


def _joined(pairs: Pairs, left: Names, right: Names) -> None:
    """Names equal but for spaces and a slip or two, and names cut off within a word, count as sharing their words."""
    import numpy as np
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    amount = pairs.amount["words_shared"]
    surfaces, first = (left.surface, right.surface), (_first(left), _first(right))
    for at in range(0, len(amount), CHUNK):
        part = slice(at, at + CHUNK)
        whole = [
            [surfaces[side][form] for form in forms[part].tolist()]
            for side, forms in enumerate((first[0][pairs.left], first[1][pairs.right]))
        ]
        texts = [[text.replace(" ", "") for text in listed] for listed in whole]
        length = np.array([min(len(one), len(other)) for one, other in zip(*texts, strict=True)])
        allowed = np.select([length >= 14, length >= 6], [2, 1], 0)
        off = cpdist(*texts, scorer=OSA.distance, score_cutoff=3, workers=1)
        near = (off <= allowed) & (length >= 6)
        cut = np.array([_is_cut(one, other) for one, other in zip(*whole, strict=True)], dtype=bool)
        spelt = np.where(near, 1.0 - 0.04 * off, np.where(cut, 0.85, 0.0))
        better = spelt > amount[part]
        amount[part] = np.where(better, spelt, amount[part])
        for name in ("words_apart", "field_more"):
            pairs.amount[name][part] *= np.where(better & (off <= 1), 0.3, 1.0)


def _is_cut(one: str, other: str) -> bool:
    """Whether the longer name goes on within the last word of the shorter one."""
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return 12 <= len(short) < len(long) and long.startswith(short) and long[len(short)] != " "


def _contradiction(pairs: Pairs, left: Names, right: Names, weights: Weights, chosen: str) -> np.ndarray:
    """1 where both forms contain tokens that begin so and share none of them."""
    import numpy as np

    wanted = np.array([token[0] in chosen for token in weights.index], dtype=np.float32)
    sides = []
    for names in (left, right):
        made = weights.matrix(names.tokens).multiply(wanted[None, :]).tocsr()
        made.eliminate_zeros()
        sides.append(made)
    counts = [np.asarray(side.sum(axis=1)).ravel() for side in sides]
    both = np.flatnonzero((counts[0][pairs.left_form] > 0) & (counts[1][pairs.right_form] > 0))
    found = np.zeros(len(pairs.left))
    for at in range(0, len(both), CHUNK):
        part = both[at : at + CHUNK]
        shared = _sum(sides[0][pairs.left_form[part]].multiply(sides[1][pairs.right_form[part]]))
        found[part] = np.where(shared == 0, 1.0, 0.0)
    return found


def _written_otherwise(pairs: Pairs, left: Names, right: Names, marks: str) -> np.ndarray:
    """Whether the surfaces share fewer words than the tokens do: then a word was translated."""
    import numpy as np

    found = np.zeros(len(pairs.left), dtype=bool)
    meant = [[frozenset(t for t in row if t[0] in marks) for row in side.tokens] for side in (left, right)]
    said = [[frozenset(text.split()) for text in side.surface] for side in (left, right)]
    for place, (one, other) in enumerate(zip(pairs.left_form.tolist(), pairs.right_form.tolist(), strict=True)):
        common = len(meant[0][one] & meant[1][other])
        found[place] = common > 0 and len(said[0][one] & said[1][other]) < common
    return found


def _nearly(pairs: Pairs, left: Names, right: Names) -> np.ndarray:
    """Whether plain words matched that are not equal: the share of words exceeds what equal tokens explain."""
    import numpy as np

    found = np.zeros(len(pairs.left), dtype=bool)
    for place, (one, other) in enumerate(zip(pairs.left_form.tolist(), pairs.right_form.tolist(), strict=True)):
        mine, theirs = set(left.tokens[one]), set(right.tokens[other])
        found[place] = bool(mine - theirs) and bool(theirs - mine) and pairs.amount["words_shared"][place] > 0.9
    return found


def reasons(pairs: Pairs) -> list[str]:
    """The evidence of each pair in words, strongest kind first, joined by `; `."""
    import numpy as np

    table = weights_of_evidence()
    shown = [name for name in SHOWN if name in pairs.amount]
    least = {"words_shared": 0.25, "spelling_close": 0.4, "common_words_only": 0.3, "words_apart": 0.05, "words_untranslated": 0.05, "field_more": 0.05}
    bits = np.zeros(len(pairs.left), dtype=np.int64)
    for place, name in enumerate(shown):
        bits |= (pairs.amount[name] > least.get(name, 0.0)).astype(np.int64) << place
    shares = np.round(pairs.amount["words_shared"] * 100).astype(int)
    words = shown.index("words_shared")
    text: dict[int, list[str]] = {}
    for code in np.unique(bits).tolist():
        text[code] = [table[name][1] for place, name in enumerate(shown) if code >> place & 1 and place != words]
    return [
        "; ".join(([f"{share} % of the words shared"] if code >> words & 1 else []) + text[code]) or "a rare word shared"
        for code, share in zip(bits.tolist(), shares.tolist(), strict=True)
    ]
