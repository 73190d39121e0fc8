"""The base of an estimate: the responses of a domain that answered, in numbers and in words, and those that did not.

Belongs here: who is counted and who is missing, why, and how many degrees of freedom the base leaves.
Does not belong here: values and intervals (``row``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.estimators.domain import Domain, domains, names
from analytics.survey_statistics.estimators.missing import missing_by_state
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import IntArray
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.totals import CellTotals, Key

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

# "domain", "design", "normal" or a number
DegreesRule = str | float


@dataclass(frozen=True)
class Base:
    """The base of the estimates of one domain. ``cells``: places of the domain's cells among those of the request.

    ``n`` and ``weighted_n`` count answers, ``domain`` everybody in the domain, ``missing`` those without an answer by
    state. ``degrees_of_freedom`` is None without a base. ``is_alone``: it lies in one unit of each stratum, whatever
    degrees of freedom were asked for.
    """

    domain: Domain
    cells: IntArray
    n: int
    weighted_n: float
    words: str
    missing: Mapping[str, int]
    degrees_of_freedom: float | None
    df_rule: str
    is_alone: bool = False

    @property
    def missing_share(self) -> float:
        """Share of the domain that the question should have had an answer from and has none, 0 to 1."""
        unknown = sum(n for state, n in self.missing.items() if state not in NOT_ASKED)
        return unknown / (self.n + unknown) if unknown else 0.0

    @property
    def weighted_missing(self) -> float:
        """Weights of the responses of the domain without an answer."""
        return max(self.domain.weighted_n - self.weighted_n, 0.0)


NOT_ASKED = ("not_shown", "not_applicable")


def bases(
    survey: Survey,
    questions: Sequence[Question],
    by: By,
    where: str | None,
    cells: CellTotals,
    df: DegreesRule = "domain",
) -> tuple[Base, ...]:
    """The base of each domain of ``by``, for cells whose first keys are those of ``by``: responses that answered every
    one of ``questions``.
    """
    width = len(names(by))
    inside: dict[Key, list[int]] = {}
    for i, cell in enumerate(cells.cells):
        inside.setdefault(cell[:width], []).append(i)
    found = domains(survey, by, where)
    weighted = cells.totals.value.reshape(-1, cells.n_measures)[:, 0] if len(cells.cells) else np.zeros(0)
    answered = {key: int(cells.totals.n[places].sum()) for key, places in inside.items()}
    missing = missing_by_state(survey, questions, by, where, found, answered)
    what = " and ".join(question.code for question in questions)
    rows = []
    for domain in found:
        places = np.array(inside.get(domain.key, []), dtype=np.int64)
        n = answered.get(domain.key, 0)
        degrees, rule = degrees_of_freedom(cells, places, df) if n else (None, "none: no cases")
        words = f"{survey.responses.base}; {survey.responses.counted} that answered {what}{_narrowed(domain, where)}"
        weight = float(weighted[places].sum())
        alone = n > 0 and (degrees_of_freedom(cells, places, "domain")[0] if df != "domain" else degrees or 0.0) <= 0
        rows.append(Base(domain, places, n, weight, words, missing.get(domain.key, {}), degrees, rule, alone))
    return tuple(rows)


def degrees_of_freedom(cells: CellTotals, places: IntArray, rule: DegreesRule | None) -> tuple[float, str]:
    """Degrees of freedom of estimates from these cells, and the rule in words.

    ``domain``: R ``degf`` of the subset that answered; ``design``: of the whole sample; ``normal``: none are counted,
    the normal distribution is taken (R ``confint`` without ``df``); a number is taken as it is.
    """
    spread = cells.totals.spread
    if rule == "domain":
        indices: IntArray = places * cells.n_measures
        return spread.degrees_of_freedom(indices), "units with a case in the base less strata with one"
    if rule == "design":
        return spread.degrees_of_freedom(np.zeros(0, dtype=np.int64)), "units less strata of the whole sample"
    if rule == "normal" or rule == np.inf:
        return np.inf, "normal distribution"
    if rule is not None and not isinstance(rule, str) and rule > 0:
        return float(rule), "as given"
    raise SurveyError(f"df is {rule!r}; it must be 'domain', 'design', 'normal' or a number above 0.")


def _narrowed(domain: Domain, where: str | None) -> str:
    parts = [*([f"where {where}"] if where else []), *([domain.label] if domain.key else [])]
    return "".join(f"; {part}" for part in parts)
