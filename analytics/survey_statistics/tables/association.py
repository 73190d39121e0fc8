"""Tests that the questions of a table have nothing to do with each other, under any design.

Belongs here: the row of a test, from a table of questions. Does not belong here: the arithmetic (``rao_scott``,
``wald``), tests that assume a simple random sample (``exact``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.exact.survey_counts import is_plain
from analytics.survey_statistics.result import NO_CASES, Rows, TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.contingency import Contingency, contingency
from analytics.survey_statistics.tables.rao_scott import RaoScott, independence
from analytics.survey_statistics.tables.wald import wald

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

KINDS = {
    "F": "Pearson's chi-square, Rao-Scott second-order correction, F",
    "Chisq": "Pearson's chi-square, Rao-Scott first-order correction",
    "lincom": "Pearson's chi-square, exact asymptotic distribution (sum of chi-squares)",
    "saddlepoint": "Pearson's chi-square, saddlepoint approximation of its asymptotic distribution",
    "LR": "likelihood ratio, Rao-Scott second-order correction, F",
    "LR_Chisq": "likelihood ratio, Rao-Scott first-order correction",
    "Wald": "Wald test of association",
    "adjWald": "Wald test of association, adjusted for the degrees of freedom of the design",
}
FEW = 5
# Of design effects, 1 in a simple random sample: less than this is rounding, all units have the same shares.
NO_SPREAD = 1e-12
ONE_CATEGORY = "fewer than two categories with responses"
SINGULAR = "the design has too few units for a table of this size, or nothing varies in it"


def independence_test(
    survey: Survey,
    rows: str,
    columns: str,
    layers: str | Sequence[str] | None = None,
    *,
    kind: str = "F",
    where: str | None = None,
) -> Rows:
    """Whether rows and columns are independent, inside every layer if there are layers (conditional independence).

    ``kind`` as in R ``svychisq``: F (the default), Chisq, lincom, saddlepoint, Wald, adjWald; LR and LR_Chisq are
    likelihood ratios as R ``anova`` of two ``svyloglin``. Wald tests know no layers.
    """
    inside = [layers] if isinstance(layers, str) else list(layers or ())
    return Rows([association(contingency(survey, [*inside, rows, columns], where), kind)])


def association(table: Contingency, kind: str = "F") -> TestResult:
    """The test of a table whose last two dimensions are rows and columns, the ones before layers.

    Undefined tests have a null p value with the reason; so have those with expected counts below 5 in a sample without
    weights, strata and clusters, where the exact test is at hand (``extra`` has the rough p value). Raises
    ``SurveyError`` for an unknown kind.
    """
    if kind not in KINDS:
        raise SurveyError(f"The kind of test is {kind!r}; it must be one of {', '.join(KINDS)}.")
    is_wald = kind in ("Wald", "adjWald")
    if is_wald and len(table.questions) > 2:
        raise SurveyError(f"{kind} compares two questions only; inside layers take one of F, Chisq, LR, LR_Chisq.")
    if not table.n.sum():
        return _row(table, kind, None, NO_CASES)
    if min(table.shape[-2:]) < 2:
        return _row(table, kind, None, ONE_CATEGORY)
    try:
        found = _wald(table, kind) if is_wald else _rao_scott(table, kind)
    except np.linalg.LinAlgError:
        return _row(table, kind, None, SINGULAR)
    return _row(table, kind, found, None)


Found = tuple[float, float, float | None, float | None, dict[str, float]]


def _wald(table: Contingency, kind: str) -> Found:
    rows, columns = table.shape
    totals = table.weighted.reshape(-1)
    f, p, df, denominator = wald(totals, table.covariance_of, rows, columns, table.design_df, kind == "adjWald")
    return f, p, df, denominator, {}


SCALED = ("Chisq", "LR_Chisq", "lincom", "saddlepoint")


def corrected(table: Contingency, scale: float) -> RaoScott:
    """The hypothesis of independence inside layers, held against the table. Raises ``LinAlgError`` when undefined."""
    shares = table.shares
    found = RaoScott(
        shares.value,
        shares.covariance,
        independence(shares.value.reshape(-1, *table.shape[-2:])),
        scale,
    )
    effects = found.design_effects
    if not len(effects) or effects.sum() <= NO_SPREAD or not np.isfinite(effects).all():
        raise np.linalg.LinAlgError("no spread")
    return found


def _rao_scott(table: Contingency, kind: str) -> Found:
    # Scaling to all responses needs their number, one more reading of the file, and changes neither F nor p.
    found = corrected(table, float(table.scale if kind in SCALED else table.n.sum()))
    effects = found.design_effects
    chi_square = found.likelihood_ratio if kind.startswith("LR") else found.pearson
    extra = {"mean_design_effect": float(effects.mean() * table.n.sum() / found.scale)}
    if kind in ("Chisq", "LR_Chisq"):
        p, df = found.first_order(chi_square)
        return chi_square, p, df, None, extra
    f, p, df, denominator = found.second_order(chi_square, table.design_df)
    if kind in ("F", "LR"):
        return f, p, df, denominator, extra
    # As R svychisq: against F in a linearised design, against chi-square in one with replicate weights.
    below = np.inf if table.cells.totals.replicates is not None else denominator
    tail = tails.integrated_tail if kind == "lincom" else tails.saddlepoint_tail
    return chi_square, tail(chi_square, effects, below), None, None, extra


def _row(table: Contingency, kind: str, found: Found | None, reason: str | None) -> TestResult:
    statistic, p, numerator, denominator, extra = found or (None, None, None, None, {})
    if p is not None and not np.isfinite(p):
        statistic, p, reason = None, None, "the design leaves no degrees of freedom"
    elif p is not None and few_expected(table) and is_plain(table.survey):
        # Without a design the exact test is at hand, so no p value that large samples alone would justify.
        extra, p, reason = {**extra, "rough_p_value": p}, None, _exact_instead(table)
    return TestResult(
        test=kind,
        subject=subject(table),
        statistic=statistic,
        p_value=p,
        df_numerator=numerator,
        df_denominator=denominator,
        n=int(table.n.sum()),
        method=KINDS[kind],
        context=table.survey.context,
        null_reason=reason,
        note=_note(table, kind) if p is not None else None,
        extra=extra,
    )


def _exact_instead(table: Contingency) -> str:
    *layers, rows, columns = (question.code for question in table.questions)
    inside = f" inside each layer of {' and '.join(layers)}" if layers else ""
    return (
        f"{few_expected(table)} of {table.n.size} cells expect fewer than {FEW} responses, too few for a chi-square; "
        f"exact_test('fisher', {rows!r}, {columns!r}){inside} is exact"
    )


def subject(table: Contingency) -> str:
    """The questions in words: ``rows by columns within layers``."""
    *layers, rows, columns = (question.code for question in table.questions)
    return f"{rows} by {columns}" + (f" within {' and '.join(layers)}" if layers else "")


def few_expected(table: Contingency) -> int:
    """Cells that expect fewer than 5 responses if rows and columns were independent, unweighted."""
    layered = table.n.reshape(-1, *table.shape[-2:]).astype(np.float64)
    sizes = layered.sum(axis=(1, 2))[:, None, None]
    margins = layered.sum(axis=2)[:, :, None] * layered.sum(axis=1)[:, None, :]
    return int(np.count_nonzero(np.divide(margins, sizes, out=np.zeros_like(margins), where=sizes > 0) < FEW))


def _note(table: Contingency, kind: str) -> str | None:
    notes = []
    if few_expected(table):
        notes.append(few_in_words(table) + ", so the p value is rough")
    if kind in SCALED and table.scale > table.n.sum():
        notes.append(
            f"the chi-square is scaled to all {table.scale} responses, {table.scale - int(table.n.sum())} without an "
            "answer included, as in R; the p value does not depend on that"
        )
    return "; ".join(notes) or None


def few_in_words(table: Contingency) -> str:
    """How many cells are too small for a test that counts on large samples, and what is not."""
    return (
        f"{few_expected(table)} of {table.n.size} cells expect fewer than {FEW} responses (without weights and "
        "clusters exact_test is right)"
    )
