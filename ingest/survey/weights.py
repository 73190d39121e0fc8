"""Whether the weights of a wave can be used.

Belongs here: the judgement and its reason. Does not belong here: weighting (the analysts' side). Weights that cannot
be used stop the weighted tables of their survey and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem

if TYPE_CHECKING:
    import pyarrow as pa

# Trimming rules of practice begin at 3 to 6 times the median (Potter 1990, Proceedings of the Survey Research Methods
# Section, 225-230); 50 times is no strong weight any more but a wrong one.
HUGE_MEDIANS = 50


@dataclass(frozen=True)
class WeightsJudgement:
    """How many of ``n`` weights are missing or no numbers, zero, negative, and not finite or huge."""

    n: int
    n_missing: int
    n_zero: int
    n_negative: int
    n_huge: int

    @property
    def is_usable(self) -> bool:
        """Whether every response has a weight to count with."""
        return self.n > 0 and not (self.n_missing or self.n_zero or self.n_negative or self.n_huge)

    @property
    def reason(self) -> str:
        """Why the weights cannot be used, in English; empty if they can."""
        words = ("missing", "zero", "negative", f"not finite or more than {HUGE_MEDIANS} times the median")
        return self._listed(words, "{n} {word}", ", ", "of {n} weights: {found}", "no response has a weight")

    @property
    def reason_ja(self) -> str:
        """The reason in Japanese."""
        words = ("欠損", "ゼロ", "負の値", f"無限大または中央値の{HUGE_MEDIANS}倍超")
        return self._listed(
            words, "{word} {n}件", "、", "ウェイト {n}件のうち {found}", "ウェイトのある回答がありません"
        )

    def _listed(self, words: tuple[str, ...], each: str, comma: str, whole: str, none: str) -> str:
        if self.is_usable:
            return ""
        if not self.n:
            return none
        counts = (self.n_missing, self.n_zero, self.n_negative, self.n_huge)
        found = [each.format(n=count, word=word) for count, word in zip(counts, words, strict=True) if count]
        return whole.format(n=self.n, found=comma.join(found))


def judge_weights(weights: pa.Array) -> WeightsJudgement:
    """Judge the weights of the counted responses: numbers, or texts with a point or comma; null or empty is missing."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(weights, pa.ChunkedArray):
        weights = weights.combine_chunks()
    if pa.types.is_string(weights.type):
        plain = pc.replace_substring(pc.utf8_trim_whitespace(weights), ",", ".")
        is_number = pc.match_substring_regex(plain, r"^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$")
        weights = pc.if_else(is_number, plain, None)
    numbers = weights.cast(pa.float64()).drop_null().to_numpy()
    # Not a number is what other programmes write for a missing value.
    known = numbers[~np.isnan(numbers)]
    positive = known[(known > 0) & np.isfinite(known)]
    limit = HUGE_MEDIANS * float(np.median(positive)) if len(positive) else np.inf
    return WeightsJudgement(
        n=len(weights),
        n_missing=len(weights) - len(known),
        n_zero=int((known == 0).sum()),
        n_negative=int((known < 0).sum()),
        n_huge=int(((known > limit) | (known == np.inf)).sum()),
    )


def weights_problem(judgement: WeightsJudgement, name: str, file: str) -> Problem | None:
    """What is told of weights that cannot be used: weighted tables stop, the wave lands all the same."""
    if judgement.is_usable:
        return None
    return problem(
        "survey_weights_unusable", Place(file), name=name, reason=judgement.reason, reason_ja=judgement.reason_ja,
        huge=HUGE_MEDIANS,
    )  # fmt: skip
