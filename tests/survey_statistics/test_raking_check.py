"""The check of raked weights: what is reported is what the engine adds up, for every kind of variable."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from analytics.survey_statistics.sample.design import Design, Stage, SurveyError
from analytics.survey_statistics.sample.responses import open_table
from analytics.survey_statistics.survey import Survey
from analytics.survey_statistics.weighting import raking

KINDS: dict[str, list[Any]] = {
    "text": ["it's", 'a "b"', "京都"],
    "yes": [True, False, True],
    "day": [dt.date(2020, 2, 29), dt.date(1, 1, 1), dt.date(2020, 3, 1)],
    "moment": [dt.datetime(2020, 1, 1, 12), dt.datetime(2020, 1, 1), dt.datetime(1999, 12, 31, 23, 59, 59)],
    "exact": [Decimal("1.25"), Decimal("-2.25"), Decimal("0.00")],
    "real": [0.1, -0.0, 1e300],
    "small": [-3, 0, 7],
}


def survey(weights: list[float]) -> Survey:
    columns: dict[str, Any] = {name: [values[(i * k) % 3] for i in range(90)] for k, (name, values)
                               in enumerate(KINDS.items(), start=1)}  # fmt: skip
    columns["real"] = [0.0 if v == 0 and i % 2 else v for i, v in enumerate(columns["real"])]
    columns["side"] = ["a" if i % 2 else "b" for i in range(90)]
    columns["w"] = weights
    return Survey(open_table(pa.table(columns), "kinds"), Design(weights="w", stages=(Stage(),)))


def added_up(found: Survey, name: str) -> dict[Any, float]:
    query = f'select "{name}", sum({found.weight}) from {found.responses.relation} where {found.weight} > 0 group by 1'
    return dict(found.responses.connection.execute(query).fetchall())


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("zeros", [0, 7], ids=["everybody", "some with weight 0"])
def test_reported_margins_are_those_of_the_engine(name: str, zeros: int) -> None:
    weights = [0.0] * zeros + [1 + (i * 37 % 11) / 3 for i in range(90 - zeros)]
    plain = survey(weights)
    levels = [row[0] for row in plain.responses.connection.execute(
        f'select distinct "{name}" from {plain.responses.relation}').fetchall()]  # fmt: skip
    shares = {level: 100.0 * (i + 2) for i, level in enumerate(sorted(levels))}
    total = sum(shares.values())
    found = plain.rake({name: shares, "side": {"a": total * 0.3, "b": total * 0.7}})
    assert found.weighting is not None
    met = {margin.label: margin.met for margin in found.weighting.margins}
    assert added_up(found, name) == pytest.approx(shares, rel=1e-11)
    assert list(met.values()) == pytest.approx([*shares.values(), total * 0.3, total * 0.7], rel=1e-11)
    sums = found.responses.connection.execute(
        f"select sum(w), sum(w * w), min(w) filter (w > 0), max(w), min(w / v) filter (w > 0), max(w / v), "
        f"count_if(w > 0), count_if(w is null) from (select {found.weight} as w, nullif({plain.weight}, 0) as v "
        f"from {found.responses.relation})"
    ).fetchone()
    report = found.weighting
    assert sums == pytest.approx(
        (report.weight_sum, report.weight_squares, report.lowest_weight, report.highest_weight,
         report.lowest_factor, report.highest_factor, 90 - zeros, 0),
        rel=1e-13,
    )  # fmt: skip


def test_a_multiplier_that_the_engine_does_not_find_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = raking.lookup
    monkeypatch.setattr(raking, "lookup", lambda factors, values: real(factors, dict(list(values.items())[1:])))
    with pytest.raises(SurveyError, match=r"did not converge: .* is 0 instead of 40"):
        survey([1.0] * 90).rake({"side": {"a": 40, "b": 60}})


def test_a_multiplier_with_too_few_digits_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = raking.lookup
    monkeypatch.setattr(
        raking, "lookup", lambda factors, values: real(factors, {k: float(np.float32(v)) for k, v in values.items()})
    )
    with pytest.raises(SurveyError, match="relative gap of"):
        survey([1.0] * 90).rake({"side": {"a": 40, "b": 60}})
