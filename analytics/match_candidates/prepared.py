"""Belongs here: a list of names made ready for comparison: rows of tokens, of printed words, and coded other columns.

Does not belong here: pairs, or what they are worth (`evidence`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analytics.match_candidates.features import factors
from analytics.match_candidates.folding import fold

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    from analytics.match_candidates.features import Names, Weights

BEGINNING = 12  # letters that a name cut off must share with the whole
NAME_LETTERS = 4  # letters of a word that may name a body alone
SHORT = 9  # letters of a name of one word that may be an acronym
NUMBERS = "0123456789"


@dataclass
class Codes:
    """Numbers for texts, the same for both lists; 0 for an empty text."""

    number: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, kind: str, texts: list[str]) -> np.ndarray:
        """The number of each text among the texts of its kind."""
        import numpy as np

        listed = (self.number.setdefault((kind, text), len(self.number) + 1) if text else 0 for text in texts)
        return np.fromiter(listed, dtype=np.int64, count=len(texts))


@dataclass
class Prepared:
    """Forms as sparse rows: `plain` tokens, `own` weighted, `near` with look-alikes, `meant` concepts,
    `field` those of them that tell what a body is for.

    `total` and `concepts` are weights by form; `length` and `crowd` describe its first token (of an acronym); `first`
    is the whole name of each row; `said` numbers the printed words of each form.
    """

    names: Names
    plain: sparse.csr_matrix
    own: sparse.csr_matrix
    near: sparse.csr_matrix
    meant: sparse.csr_matrix
    field: sparse.csr_matrix
    fields: np.ndarray
    known: sparse.csr_matrix
    places: sparse.csr_matrix
    numbers: sparse.csr_matrix
    said: sparse.csr_matrix
    total: np.ndarray
    concepts: np.ndarray
    length: np.ndarray
    crowd: np.ndarray
    first: np.ndarray
    surface: np.ndarray
    joined: np.ndarray
    beginning: np.ndarray
    is_short: np.ndarray
    first_word: np.ndarray
    is_one_word: np.ndarray
    is_university: np.ndarray
    column: dict[str, np.ndarray]


def prepare(names: Names, weights: Weights, codes: Codes) -> Prepared:
    """A list made ready. Both lists of a comparison share `weights` and `codes`."""
    import numpy as np

    plain = weights.matrix(names.tokens)
    own = plain.multiply(weights.weight[None, :]).tocsr()
    near = (plain @ weights.alike).tocsr()
    near.data = np.minimum(near.data, 1.0)
    mark = np.array([token[0] for token in weights.index])
    meant = _only(own, mark == "=")
    # A body of a university's kind is no field of it.
    generic = {*factors(), "=university"}
    told = _only(own, np.array([token[0] == "=" and token not in generic for token in weights.index], dtype=bool))
    first = np.zeros(len(names.rows), dtype=np.int64)
    first[names.owner[::-1]] = np.arange(len(names.owner))[::-1]
    surface = np.array(names.surface, dtype=object)
    joined = np.array([text.replace(" ", "") for text in names.surface], dtype=object)
    column = {
        name: codes.of(name, [str(value or "") for value in names.rows[name]])
        for name in ("domain", "country", "region", "founded_year")
    }
    column["name"] = codes.of("name", [fold(name) for name in names.rows["name"]])
    return Prepared(
        names=names,
        plain=plain,
        own=own,
        near=near,
        meant=meant,
        field=told,
        fields=row_sums(told),
        known=_only(plain, np.isin(mark, ["=", "@", "#"])),
        places=_only(plain, mark == "@"),
        numbers=_only(plain, np.isin(mark, list(NUMBERS))),
        said=_said(names.surface, codes),
        total=row_sums(own),
        concepts=row_sums(meant),
        length=np.array([len(row[0]) for row in names.tokens]),
        crowd=np.array([weights.frequency[weights.index[row[0]]] for row in names.tokens], dtype=np.float64),
        first=first,
        surface=surface,
        joined=joined,
        beginning=codes.of("beginning", [text[:BEGINNING] if len(text) >= BEGINNING else "" for text in joined]),
        is_short=np.array([" " not in text and len(text) <= SHORT for text in surface[first]], dtype=bool),
        first_word=codes.of(
            "first word", [_rare_first_word(row) for row in zip(names.surface, names.tokens, strict=True)]
        ),
        # A name written without spaces is one word only if it means one thing.
        is_one_word=np.array(
            [" " not in text and len(row) == 1 for text, row in zip(names.surface, names.tokens, strict=True)],
            dtype=bool,
        ),
        is_university=np.array(["=university" in tokens for tokens in names.tokens], dtype=bool),
        column=column,
    )


def _rare_first_word(form: tuple[str, tuple[str, ...]]) -> str:
    """The first word of a form if it may be a name of its own: no concept, no place, no country, no number."""
    surface, tokens = form
    word = surface.split(" ", 1)[0]
    return word if len(word) >= NAME_LETTERS and tokens[0][0] not in "=@#" + NUMBERS else ""


def row_sums(product: sparse.csr_matrix) -> np.ndarray:
    """Sum of each row."""
    import numpy as np

    return np.asarray(product.sum(axis=1), dtype=np.float64).ravel()


def overlap(one: sparse.csr_matrix, rows: np.ndarray, other: sparse.csr_matrix, others: np.ndarray) -> np.ndarray:
    """Sum of the products of paired rows."""
    return row_sums(one[rows].multiply(other[others]))


def _only(matrix: sparse.csr_matrix, wanted: np.ndarray) -> sparse.csr_matrix:
    made = matrix.multiply(wanted.astype("float32")[None, :]).tocsr()
    made.eliminate_zeros()
    return made


def _said(surface: list[str], codes: Codes) -> sparse.csr_matrix:
    """Printed words of each form, a word by a bucket of its number: two lists need no common vocabulary then."""
    import numpy as np
    from scipy import sparse

    buckets = 1 << 20
    listed = [sorted(set(text.split())) for text in surface]
    pointer = np.concatenate(([0], np.cumsum([len(row) for row in listed]))).astype(np.int64)
    column = codes.of("word", [word for row in listed for word in row]) % buckets
    made = sparse.csr_matrix((np.ones(len(column), dtype=np.float32), column, pointer), shape=(len(surface), buckets))
    made.sort_indices()
    return made
