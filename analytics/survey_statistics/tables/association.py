"""Tests that the questions of a table have nothing to do with each other, under any design.

Belongs here: the row of a test, from a table of questions. Does not belong here: the arithmetic (``rao_scott``,
``wald``), tests that assume a simple random sample (``exact``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.exact.layers import layers_of, silent_layers, too_small
from analytics.survey_statistics.exact.survey_counts import is_plain
from analytics.survey_statistics.result import NO_CASES, Rows, TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.tables import tails
from analytics.survey_statistics.tables.contingency import Contingency, contingency
from analytics.survey_statistics.tables.rao_scott import NO_SPREAD, Hypothesis, RaoScott, independence
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
    "CMH": "Cochran-Mantel-Haenszel test of association in common, Rao-Scott second-order correction, F",
}
OF_INTERACTION = tuple(kind for kind in KINDS if kind not in ("Wald", "adjWald", "CMH"))
FEW = 5
ROUGH = "so the p value is rough"
HOMOGENEITY = "homogeneity"
ONE_LAYER = "fewer than two layers in which every row and column has responses"
EMPTY_CELL = "a cell without responses, or the design has too few units for a table of this size"
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
    likelihood ratios as R ``anova`` of two ``svyloglin``. Wald tests know no layers. CMH looks for an
    association that points the same way in all layers, which it finds sooner than the others, and misses those that
    point in opposite ways.
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
        found = _wald(table, kind) if is_wald else _common(table) if kind == "CMH" else _rao_scott(table, kind)
    except np.linalg.LinAlgError:
        return _row(table, kind, None, SINGULAR if table.n.all() else EMPTY_CELL)
    return _row(table, kind, found, None)


Found = tuple[float, float, float | None, float | None, dict[str, float]]


def _wald(table: Contingency, kind: str) -> Found:
    rows, columns = table.shape
    totals = table.weighted.reshape(-1)
    f, p, df, denominator = wald(totals, table.covariance_of, rows, columns, table.design_df, kind == "adjWald")
    return f, p, df, denominator, {}


def _common(table: Contingency) -> Found:
    from analytics.survey_statistics.tables.conditional import common_association

    f, p, numerator, denominator, effect = common_association(table)
    return f, p, numerator, denominator, {"mean_design_effect": effect}


def same_association_test(table: Contingency, kind: str = "F") -> TestResult:
    """The test that rows and columns are associated in the same way in all layers: their odds ratios are the same.

    ``kind``: F, Chisq, lincom, saddlepoint, LR, LR_Chisq as in ``association``. A layer in which a row or a column has
    nobody does not tell, and is left out. Raises ``SurveyError`` for another kind and for a table without layers.
    """
    from analytics.survey_statistics.tables.conditional import same_association

    if kind not in OF_INTERACTION:
        raise SurveyError(f"The kind of test is {kind!r}; of the same association it is {', '.join(OF_INTERACTION)}.")
    if len(table.questions) < 3:
        raise SurveyError(f"{subject(table)} has no layers to compare; name a third question.")
    if not table.n.sum():
        return _row(table, kind, None, NO_CASES, HOMOGENEITY)
    shares = table.shares.value.reshape(-1, *table.shape[-2:])
    try:
        hypothesis = same_association(shares) if min(table.shape[-2:]) > 1 else None
        if hypothesis is None:
            return _row(table, kind, None, ONE_LAYER, HOMOGENEITY)
        return _row(table, kind, _rao_scott(table, kind, hypothesis), None, HOMOGENEITY)
    except np.linalg.LinAlgError:
        return _row(table, kind, None, EMPTY_CELL, HOMOGENEITY)


SCALED = ("Chisq", "LR_Chisq", "lincom", "saddlepoint")


def corrected(table: Contingency, scale: float, hypothesis: Hypothesis | None = None) -> RaoScott:
    """A hypothesis, independence inside layers if none is given, held against the table. Raises ``LinAlgError`` when
    undefined.
    """
    shares = table.shares
    held = hypothesis or independence(shares.value.reshape(-1, *table.shape[-2:]))
    found = RaoScott(shares.value, shares.covariance, held, scale)
    effects = found.design_effects
    if not len(effects) or effects.sum() <= NO_SPREAD or not np.isfinite(effects).all():
        raise np.linalg.LinAlgError("no spread")
    return found


def _rao_scott(table: Contingency, kind: str, hypothesis: Hypothesis | None = None) -> Found:
    # Scaling to all responses needs their number, one more reading of the file, and changes neither F nor p.
    found = corrected(table, float(table.scale if kind in SCALED else table.n.sum()), hypothesis)
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


def _row(
    table: Contingency, kind: str, found: Found | None, reason: str | None, about: str | None = None
) -> TestResult:
    statistic, p, numerator, denominator, extra = found or (None, None, None, None, {})
    few = _too_few(table, kind) if p is not None else None
    if p is not None and not np.isfinite(p):
        statistic, p, reason = None, None, "the design leaves no degrees of freedom"
    elif few and p is not None and about is None and is_plain(table.survey):
        # Without a design the exact test is at hand, so no p value that large samples alone would justify.
        extra, p, reason = {**extra, "rough_p_value": p}, None, f"{few}, too few for a chi-square; {_exact(table)}"
    return TestResult(
        test=f"{about} {kind}" if about else kind,
        subject=subject(table),
        statistic=statistic,
        p_value=p,
        df_numerator=numerator,
        df_denominator=denominator,
        n=int(table.n.sum()),
        method=f"{about} of odds ratios: {KINDS[kind]}" if about else KINDS[kind],
        context=table.survey.context,
        null_reason=reason,
        note=_note(table, kind, few, about) if p is not None else None,
        extra=extra,
    )


def _too_few(table: Contingency, kind: str) -> str | None:
    """How many cells are too few for a test that counts on large samples; of CMH, how many sums over layers."""
    if kind != "CMH":
        few = few_expected(table)
        return f"{few} of {table.n.size} cells expect fewer than {FEW} responses" if few else None
    used = layers_of(table.n.reshape(-1, *table.shape[-2:]))
    return (too_small(used) or None) if len(used) else None


def _exact(table: Contingency) -> str:
    *layers, rows, columns = (question.code for question in table.questions)
    if len(layers) == 1:
        return f"exact_test('mantel-haenszel', {rows!r}, {columns!r}, {layers[0]!r}) is exact"
    inside = f" inside each layer of {' and '.join(layers)}" if layers else ""
    return f"exact_test('fisher', {rows!r}, {columns!r}){inside} is exact"


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


def _note(table: Contingency, kind: str, few: str | None, about: str | None) -> str | None:
    notes = []
    if few:
        notes.append(few_in_words(table) if kind != "CMH" and not about else few)
        notes[-1] += f", {ROUGH}"
    if about or kind == "CMH":
        notes += [told for told in (silent_layers(table.n),) if told]
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
