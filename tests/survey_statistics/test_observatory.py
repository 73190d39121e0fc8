"""The call for notebooks: a wave, a file, a frame or a relation becomes a survey, or a sentence says why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import observatory
import pyarrow as pa
import pytest

from tests.survey_statistics.small_release import EDITION, RELEASE, write_release

TABLE = {"h": ["a", "a", "b", "b"], "w": [1.0, 3.0, 2.0, 2.0], "q": ["x", "y", "x", None], "v": [1.0, 2.0, 4.0, None]}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_release(tmp_path)
    return tmp_path


def shares(rows: observatory.Survey | Any) -> dict[tuple[str, str | None], tuple[float | None, int]]:
    return {(row.domain, row.category): (row.value, row.n) for row in rows}


def test_a_wave_brings_its_labels_states_and_design(home: Path) -> None:
    survey = observatory.survey(EDITION, home=home)
    assert survey.design.weights == "design__weights"
    rows = survey.proportion("trade")
    # Weighted: yes 2 + 2 + 4, no 4 + 4; nobody says maybe, and don't know is no category.
    assert shares(rows) == {("all", "Yes"): (0.5, 5), ("all", "No"): (0.5, 5), ("all", "Maybe"): (0.0, 5)}
    assert rows[0].missing == {"dont_know": 1, "not_answered": 1, "not_shown": 1}
    context = rows[0].context
    assert (context.lonely_psu, context.is_fpc_used, context.is_synthetic, context.release_id) == (
        "remove", True, True, RELEASE,
    )  # fmt: skip
    assert [row.category for row in observatory.survey(EDITION, home=home, language="ja").proportion("trade")] == [
        "はい", "いいえ", "不明",
    ]  # fmt: skip


def test_ticks_ranks_and_numbers_of_a_wave_have_the_base_of_the_guide(home: Path) -> None:
    survey = observatory.survey(EDITION, home=home, weights=False)
    ticks = {row.category: row for row in survey.multiple("goods") if row.statistic == "proportion"}
    assert (ticks["Cloth"].value, ticks["Paper"].value) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert ticks["Cloth"].n == 3
    assert ticks["Cloth"].missing == {"not_shown": 4, "unknown_none_ticked": 1}
    (mean,) = survey.mean("years")
    assert (mean.value, mean.n, mean.missing, mean.context.weights) == (5.0, 4, {"not_answered": 4}, "none")
    first = [row for row in survey.ranking("first") if row.statistic == "first place"]
    assert {(row.category, row.value, row.n) for row in first} == {("Fairs", 0.5, 2), ("Grants", 0.5, 2)}


def test_columns_of_a_wave_hold_answers_and_never_the_numbers_of_states(home: Path) -> None:
    survey = observatory.survey(EDITION, home=home, weights=False)
    # Cloth: ticked by 2 of the 3 who answered goods; the numbers -2 and -3 of the others are states.
    cloth = {row.category: (row.value, row.n) for row in survey.proportion("goods__c")}
    assert cloth == {"0": (pytest.approx(1 / 3), 3), "1": (pytest.approx(2 / 3), 3)}
    assert {row.domain: row.value for row in survey.mean("years", by="goods__c")} == {
        "goods__c = 0": 6.0, "goods__c = 1": 3.0,
    }  # fmt: skip


def test_a_column_that_no_codebook_knows_has_no_answers_below_zero(home: Path) -> None:
    with duckdb.connect(str(home / "releases" / RELEASE / "observatory.duckdb")) as connection:
        connection.execute("delete from marts.dim_survey_question where question_code = 'trade'")
    (mean,) = observatory.survey(EDITION, home=home, weights=False).mean("trade")
    # 1, 1, 1, 2, 2 and, as no codebook says what it stands for, 4; -1 and -2 are states.
    assert (mean.value, mean.n) == (pytest.approx(11 / 6), 6)


def test_an_option_that_the_codebook_lost_is_told(home: Path) -> None:
    with duckdb.connect(str(home / "releases" / RELEASE / "observatory.duckdb")) as connection:
        connection.execute("delete from marts.dim_survey_option where option_code = 'p'")
    with pytest.raises(observatory.SurveyError, match=r"mihon/2020 names no option 'p' of goods"):
        observatory.survey(EDITION, home=home)


@pytest.mark.parametrize("counted", [0, 1])
def test_a_wave_with_one_counted_response_or_none_has_reasons_instead_of_spreads(home: Path, counted: int) -> None:
    with duckdb.connect(str(home / "releases" / RELEASE / "observatory.duckdb")) as connection:
        connection.execute(f"update survey.mihon_2020 set is_counted = years = 2 and {counted} = 1")
    survey = observatory.survey(EDITION, home=home)
    (mean,) = survey.mean("years")
    reason = "one response: no spread can be estimated" if counted else "no cases"
    assert (mean.value, mean.standard_error, mean.n, mean.null_reason) == (
        2.0 if counted else None,
        None,
        counted,
        reason,
    )
    assert [row.n for row in survey.proportion("trade")] == [counted] * 3


def test_weights_that_were_judged_unusable_stop_weighted_numbers_only(tmp_path: Path) -> None:
    write_release(tmp_path, reason="of 8 weights: 1 negative")
    with pytest.raises(observatory.SurveyError, match=r"of 8 weights: 1 negative.*weights=False"):
        observatory.survey(EDITION, home=tmp_path)
    assert shares(observatory.survey(EDITION, home=tmp_path, weights=False).proportion("trade"))["all", "Yes"] == (
        0.6, 5,
    )  # fmt: skip


def test_answers_that_no_release_holds_are_read_where_their_owner_keeps_them(tmp_path: Path) -> None:
    write_release(tmp_path, is_withheld=True)
    assert len(observatory.survey(EDITION, home=tmp_path).proportion("trade")) == 3
    (tmp_path / "restricted" / "microdata" / RELEASE / "survey" / "mihon_2020.parquet").unlink()
    with pytest.raises(observatory.SurveyError, match=r"The answers of mihon/2020 are not in this release"):
        observatory.survey(EDITION, home=tmp_path)


@pytest.mark.parametrize("how", ["parquet", "csv", "arrow", "pandas", "relation"])
def test_every_source_gives_the_same_numbers(how: str, tmp_path: Path) -> None:
    table = pa.table(TABLE)
    connection = duckdb.connect()
    sources = {
        "arrow": lambda: table,
        "pandas": table.to_pandas,
        "relation": lambda: connection.from_arrow(table),
        "parquet": lambda: tmp_path / "t.parquet",
        "csv": lambda: str(tmp_path / "t.csv"),
    }
    connection.from_arrow(table).write_parquet(str(tmp_path / "t.parquet"))
    (tmp_path / "t.csv").write_text("h,w,q,v\na,1,x,1\na,3,y,2\nb,2,x,4\nb,2,NA,\n", encoding="utf-8")
    named = {"connection": connection} if how == "relation" else {}
    survey = observatory.survey(sources[how](), weights="w", strata="h", population=40, **named)
    assert shares(survey.proportion("q")) == {("all", "x"): (0.5, 3), ("all", "y"): (0.5, 3)}
    (mean,) = survey.mean("v")
    assert mean.value == pytest.approx((1 + 6 + 8) / 6)
    # By hand: residuals w(v - 2.5)/6 are -.25, -.25 in a and .5, 0 in b; 2/1 * (1 - 2/40) * .125 in b alone.
    assert mean.standard_error == pytest.approx((2 * 0.95 * 0.125) ** 0.5)


def test_45_of_50_without_a_column_for_it(tmp_path: Path) -> None:
    survey = observatory.survey(pa.table({"q": [1] * 9 + [0] * 36}), population=50)
    (share, _) = (row for row in survey.proportion("q"))
    assert share.context.is_fpc_used
    assert share.standard_error == pytest.approx((0.8 * 0.2 / 44 * (1 - 45 / 50)) ** 0.5)


@pytest.mark.parametrize(
    ("source", "named", "told"),
    [
        ("mihon/2021", {}, r"no survey wave 'mihon/2021'.*its waves are: mihon/2020\."),
        ("mihon", {}, r"There is no file mihon, and it is no name of a wave"),
        ("lost.csv", {}, r"There is no file lost\.csv\."),
        (EDITION, {"release": "r00000000000f"}, rf"There is no release r0+f in .*releases found: {RELEASE}"),
        (EDITION, {"release": "../../etc"}, r"is not a release id"),
        (EDITION, {"language": "fr"}, r"language is 'fr'; it must be one of en, ja\."),
        (EDITION, {"weights": "wieght"}, r"has no column wieght, which the design names"),
        (EDITION, {"lonely_psu": "ignore"}, r"lonely_psu is 'ignore'; it must be one of fail"),
        (EDITION, {"replicates": {"columns": "rep*", "method": "BRR"}}, r"no columns 'rep\*' of replicate weights"),
        (5, {}, r"the table cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_told(home: Path, source: Any, named: dict[str, Any], told: str) -> None:
    with pytest.raises(observatory.SurveyError, match=told):
        observatory.survey(source, home=home, **named)
