"""Calls and files with mistakes that users make: each ends in a sentence that says what, where and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import observatory
import pandas as pd
import pytest

from analytics.survey_statistics.survey import Survey

FRAME = pd.DataFrame({"地域": ["北", "南"] * 20, "年齢": range(20, 60), "w": [1.0, 2.0] * 20})

CALLS: list[tuple[Callable[[Survey, Any], object], object, str]] = [
    (lambda survey, given: survey.proportion(given), 5, r"proportion: question is 5 \(int\); it must be the code of a"),
    (lambda survey, given: survey.mean(["年齢", given]), 5, "mean: question is .* a list of codes"),
    (lambda survey, given: survey.proportion("地域", given), 5, "proportion: by is 5"),
    (lambda survey, given: survey.proportion("地域", where=given), True, "where is True .bool.; it must be a text"),
    (lambda survey, given: survey.proportion("地域", level=given), "95%", "level is '95%' .str.; it must be a number"),
    (lambda survey, given: survey.proportion("地域", df=given), None, "df is None; it must be 'domain'"),
    (lambda survey, given: survey.ratio("年齢", given), ["w"], "ratio: denominator is .* it must be a text"),
    (lambda survey, given: survey.quantile("年齢", given), "median", "quantile: probabilities is 'median'"),
    (lambda survey, given: survey.difference("mean", "年齢", given), None, "difference: by is None"),
    (lambda survey, given: survey.change(given, "mean", "年齢"), None, "change: later is None .* another survey"),
    (lambda survey, given: survey.likert("年齢", points=given), 3, "likert: points is 3 .* a list of values"),
    (lambda survey, given: survey.table("地域", given), 5, "table: columns is 5"),
    (lambda survey, given: survey.goodness_of_fit("地域", given), [0.5, 0.5], "shares is .* it must be a mapping"),
    (lambda survey, given: survey.exact_test("fisher", "地域", given), 5, "exact_test: questions is 5"),
    (lambda survey, given: survey.post_stratify("地域", given), 100, "population is 100 .int.; it must be a mapping"),
    (lambda survey, given: survey.rake(given), ["地域"], "rake: margins is .* it must be a mapping"),
    (lambda survey, given: survey.calibrate({"年齢": given}), "many", "年齢"),
    (lambda survey, given: survey.calibrate({"年齢": 1600}, bounds=given), 3, "bounds is 3 .* such as .0.5, 2."),
]


@pytest.mark.parametrize(("call", "given", "told"), CALLS)
def test_an_argument_of_another_kind_is_told(call: Callable[[Survey, Any], object], given: object, told: str) -> None:
    with pytest.raises(observatory.SurveyError, match=told):
        call(observatory.survey(FRAME), given)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ({"weights": True}, "bool True is no name of a column"),
        ({"replicates": "w*"}, 'replicates is .* the method: {"columns": "rep.", "method": "JK1"}'),
        ({"replicates": {"columns": 5, "method": "JK1"}}, "replicates is "),
    ],
)
def test_a_design_of_another_kind_is_told(named: dict[str, Any], told: str) -> None:
    with pytest.raises(observatory.SurveyError, match=told):
        observatory.survey(FRAME, **named)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "地域,q\n北,はい\n".encode("cp932"), "a.csv is not in UTF-8 .perhaps Shift_JIS.*encoding='cp932'"),
        ("a.csv", "地域,q\n北,はい\n".encode("utf-16"), "a.csv is not in UTF-8 .UTF-16.*encoding='utf-16'"),
        ("a.csv", "région,q\nÎle,1\n".encode("cp1252"), "a.csv is not in UTF-8 .perhaps"),
        ("a.csv", b"PK\x03\x04" + bytes(60), "a.csv is a workbook, or another archive"),
        ("a.xlsx", b"PK\x03\x04" + bytes(60), "a.xlsx is a workbook, or another archive.*pandas.read_excel"),
        ("a.sav", b"$FL2@(#) SPSS DATA FILE" + bytes(60), "a.sav is a file of SPSS"),
        ("a.csv", b"", "a.csv is empty"),
        ("a.parquet", b"", "a.parquet is empty"),
        ("a.csv", b"\n\n", "a.csv is empty"),
        ("a.csv", b"a,b\n1,2\n3,4,5\n6,7\n", "a.csv could only be read as one column, 'a,b'"),
    ],
)
def test_a_file_that_is_no_table_is_told(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(observatory.SurveyError, match=told):
        observatory.survey(str(tmp_path / name))


def test_a_folder_is_told_as_text_and_as_path(tmp_path: Path) -> None:
    for place in (tmp_path, str(tmp_path)):
        with pytest.raises(observatory.SurveyError, match="is a folder"):
            observatory.survey(place)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_japanese_columns_between_any_separator(separator: str, tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "回答.csv", index=False, sep=separator, encoding="utf-8-sig")
    rows = observatory.survey(tmp_path / "回答.csv", weights="w").proportion("地域")
    assert [(row.category, row.value) for row in rows] == [("北", pytest.approx(1 / 3)), ("南", pytest.approx(2 / 3))]
