"""Classical tests against R: stats, coin, exactRankTests, vcd, and full enumeration.

The scripts ``exact.R`` and ``layers.R`` lie beside the values.
"""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analytics.survey_statistics.exact import (
    agreement,
    blocks,
    chi_square,
    effect_size,
    fisher,
    homogeneity,
    kruskal,
    mantel_haenszel,
    mcnemar,
    trend,
)
from analytics.survey_statistics.exact import wilcoxon as wilcoxon_tests

FOLDER = Path(__file__).parents[1] / "golden" / "survey_statistics"
FILES = ("exact.csv", "layers.csv")
TOLERANCE = {"estimate": 1e-8, "p": 1e-6}
TESTS: dict[str, Callable[..., Any]] = {
    "agreement.kappa": agreement.kappa,
    "blocks.cochran_q": blocks.cochran_q,
    "blocks.friedman": blocks.friedman,
    "chi_square.goodness_of_fit": chi_square.goodness_of_fit,
    "chi_square.independence": chi_square.independence,
    "effect_size.cliffs_delta": effect_size.cliffs_delta,
    "effect_size.cramers_v": effect_size.cramers_v,
    "fisher.conditional_odds_ratio": fisher.conditional_odds_ratio,
    "fisher.fisher_exact": fisher.fisher_exact,
    "homogeneity.breslow_day": homogeneity.breslow_day,
    "homogeneity.woolf": homogeneity.woolf,
    "kruskal.kruskal_wallis": kruskal.kruskal_wallis,
    "mantel_haenszel.common_odds_ratio": mantel_haenszel.common_odds_ratio,
    "mantel_haenszel.conditional_common_odds_ratio": mantel_haenszel.conditional_common_odds_ratio,
    "mantel_haenszel.generalised": mantel_haenszel.generalised,
    "mantel_haenszel.mantel_haenszel": mantel_haenszel.mantel_haenszel,
    "mcnemar.mcnemar": mcnemar.mcnemar,
    "mcnemar.paired_odds_ratio": mcnemar.paired_odds_ratio,
    "trend.cochran_armitage": trend.cochran_armitage,
    "trend.jonckheere_terpstra": trend.jonckheere_terpstra,
    "trend.linear_by_linear": trend.linear_by_linear,
    "wilcoxon.rank_sum": wilcoxon_tests.rank_sum,
    "wilcoxon.signed_rank": wilcoxon_tests.signed_rank,
}


def cases() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for name in FILES:
        with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                found[row["test"]].append(row)
    return found


CASES = cases()


@pytest.mark.parametrize("test", sorted(CASES))
def test_equals_r(test: str) -> None:
    differences = []
    for row in CASES[test]:
        found = TESTS[test](*json.loads(row["data"]), **json.loads(row["options"]))
        for part in row["field"].split("."):
            found = found[part] if isinstance(found, dict) else getattr(found, part)
        expected = float(row["expected"])
        if found is None or not math.isclose(found, expected, rel_tol=TOLERANCE[row["kind"]], abs_tol=1e-14):
            differences.append(f"{row['case']} {row['options']} {row['field']}: {found!r}, R has {expected!r}")
    assert not differences, "\n".join(differences)


def test_there_are_enough_cases() -> None:
    assert sum(map(len, CASES.values())) >= 300
    assert set(CASES) == set(TESTS)
