"""The same question in several waves of a survey: one series, or a broken trend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.problem import Outcome
from tests.unit.landed_wave import outcomes_of

pytestmark = pytest.mark.fault

# What a data test of the warehouse does to a build.
OUTCOMES = {"warn": Outcome.WARN, "fail": Outcome.STOP}


def versions(database: Path, wave: str) -> dict[str, dict[str, Any]]:
    """The questions of a wave of the made-up survey by their code."""
    with duckdb.connect(str(database), read_only=True) as connection:
        table = connection.execute(
            "select * from marts.dim_survey_question_version where wave = ?", [wave]
        ).to_arrow_table()
    return {row["question_code"]: row for row in table.to_pylist()}


def test_s22_a_changed_text_breaks_the_trend_and_is_told(survey_warehouse: Path) -> None:
    """The Japanese text differs and nobody maps it; from then on the new text is a series of its own."""
    changed = versions(survey_warehouse, "2021")["active"]
    assert (changed["series_id"], changed["question_version"], changed["is_trend_broken"]) == (
        "mihon/2021/active", 2, True,
    )  # fmt: skip
    assert "Changed since the earlier wave: text." in changed["why_en"]
    assert "前回から変更された項目：設問文。" in changed["why_ja"]
    unchanged = versions(survey_warehouse, "2023")["active"]
    assert (unchanged["series_id"], unchanged["question_version"], unchanged["is_trend_broken"]) == (
        "mihon/2021/active", 2, False,
    )  # fmt: skip
    assert OUTCOMES[outcomes_of(survey_warehouse)["survey_trend_is_unbroken"]] is Outcome.WARN


def test_s22_a_decision_maps_a_changed_question_or_option(survey_warehouse: Path) -> None:
    found = versions(survey_warehouse, "2021")
    option, renamed = found["trip"], found["founded"]
    assert (option["series_id"], option["question_version"], option["is_trend_broken"]) == ("mihon/2020/trip", 2, False)
    assert option["is_changed"]
    assert "The panel read both" in option["why_en"]
    assert "判断により前回の設問に対応づけています" in option["why_ja"]
    assert (renamed["series_id"], renamed["earlier_question_code"]) == ("mihon/2020/since", "since")
    assert versions(survey_warehouse, "2023")["founded"]["series_id"] == "mihon/2020/since"


def test_s22_a_decision_sets_apart_and_a_withdrawn_one_does_not_count(survey_warehouse: Path) -> None:
    found = versions(survey_warehouse, "2021")
    assert (found["wish"]["is_changed"], found["wish"]["is_trend_broken"]) == (False, True)
    assert found["wish"]["series_id"] == "mihon/2021/wish"
    assert "判断により前回の設問と区別しています" in found["wish"]["why_ja"]
    assert found["members"]["is_trend_broken"]
    assert "種類" in found["members"]["why_ja"]


def test_s22_other_blanks_are_the_same_text(survey_warehouse: Path) -> None:
    goal = versions(survey_warehouse, "2021")["goal"]
    assert (goal["series_id"], goal["question_version"], goal["is_changed"]) == ("mihon/2020/goal", 1, False)
