"""Cross tables and banners: what is printed, what is noted, and that nothing is made to look better than it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pytest

from analytics.survey_statistics.result import Estimate
from analytics.survey_statistics.sample.design import Design, SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import open_table, quoted
from analytics.survey_statistics.survey import Survey
from analytics.survey_statistics.tables.layout import grid, width, wrapped


def survey_of(columns: Mapping[str, Sequence[object]], weights: str | None = None) -> Survey:
    return Survey(open_table(pa.table(dict(columns)), "trial"), Design(weights=weights))


def with_options(survey: Survey, code: str, columns: Sequence[str]) -> Survey:
    """The survey with a multiple choice made of 0/1 columns."""
    parts = {
        name: Question(f"{code}_{name}", "choice", quoted(name), "'answered'", f"option {name}") for name in columns
    }
    question = Question(code, "multiple", "null", "'answered'", code, parts=parts)
    return replace(survey, responses=replace(survey.responses, questions={code: question}), kept={})


def with_codes(survey: Survey, code: str, labels: Mapping[object, str]) -> Survey:
    question = replace(survey.responses.question(code), categories=labels)
    return replace(survey, responses=replace(survey.responses, questions={code: question}), kept={})


def value_of(rows: Sequence[Estimate], statistic: str, category: str, domain: str) -> float | None:
    (found,) = [row for row in rows if (row.statistic, row.category, row.domain) == (statistic, category, domain)]
    return found.value


# Counts by hand: north yes 30, no 10; south yes 20, no 40.
ANSWERS = ["yes"] * 30 + ["no"] * 10 + ["yes"] * 20 + ["no"] * 40
PLACES = ["north"] * 40 + ["south"] * 60


def test_shares_of_columns_rows_and_total_are_those_counted_by_hand() -> None:
    rows = list(survey_of({"answer": ANSWERS, "place": PLACES}).table("answer", "place").to_rows())
    assert value_of(rows, "column_share", "yes", "place = north") == pytest.approx(30 / 40)
    assert value_of(rows, "column_share", "yes", "all") == pytest.approx(50 / 100)
    assert value_of(rows, "row_share", "south", "answer = no") == pytest.approx(40 / 50)
    assert value_of(rows, "total_share", "no / south", "all") == pytest.approx(40 / 100)
    # a domain of 40 in a simple random sample of 100: sqrt(100/99 x 0.75 x 0.25 / 40)
    (row,) = [r for r in rows if r.statistic == "column_share" and r.category == "yes" and r.domain == "place = north"]
    assert row.standard_error == pytest.approx((100 / 99 * 0.75 * 0.25 / 40) ** 0.5)


def test_the_text_shows_shares_bases_and_the_test() -> None:
    text = survey_of({"answer": ANSWERS, "place": PLACES}).table("answer", "place").text()
    assert text.splitlines() == [
        "answer by place: shares in percent",
        "",
        "            place",
        "     Total  north  south",
        "------------------------",
        "no      50     25     67",
        "yes     50     75     33",
        "------------------------",
        "n      100     40     60",
        "",
        "Base: all responses; responses that answered answer and place.",
        # Pearson 16.667, times 99/100 for the variance of a simple random sample
        "answer by place: F(1, 99) = 16.5, p < 0.001 (Pearson's chi-square, Rao-Scott second-order correction, F).",
        "trial; weights: none; variance: linearised, without finite population correction.",
    ]


def test_a_missing_answer_is_counted_below_its_column_and_in_no_base() -> None:
    answers: list[object] = [*ANSWERS[:-5], *[None] * 5]
    table = survey_of({"answer": answers, "place": PLACES}).table("answer", "place")
    south = table.sections[0].columns[2]
    assert (south.label, south.n, south.missing) == ("south", 55, {"not_answered": 5})
    assert "missing: not_answered      5      0      5" in table.text()


def test_categories_of_the_codebook_that_nobody_chose_have_their_row_and_column() -> None:
    survey = with_codes(
        survey_of({"answer": ANSWERS, "place": PLACES}), "place", {"north": "North", "south": "South", "east": "East"}
    )
    table = survey.table("answer", "place")
    east = table.sections[0].columns[3]
    assert (east.label, east.n) == ("East", 0)
    assert {row.null_reason for row in east.estimates} == {"no cases"}
    line = next(line for line in table.text().splitlines() if line.startswith("yes"))
    assert line.split() == ["yes", "50", "75", "33", "-"]


@pytest.mark.fault
def test_r01_a_table_of_nobody_has_reasons_instead_of_numbers() -> None:
    table = survey_of({"answer": ANSWERS, "place": PLACES}).table("answer", "place", where="place = 'west'")
    assert table.test().p_value is None
    assert table.test().null_reason == "no cases"
    assert "not tested (no cases)" in table.text()


@pytest.mark.fault
def test_r05_all_and_none_have_intervals_wider_than_a_point() -> None:
    survey = survey_of({"answer": ["yes"] * 12 + ["yes", "no"] * 6, "place": ["all"] * 12 + ["mixed"] * 12})
    column = survey.table("answer", "place").sections[0].columns[1]
    (none,) = [row for row in column.estimates if row.category == "no"]
    assert (none.value, none.n_category, none.lower) == (0, 0, 0)
    assert none.upper == pytest.approx(0.2425, abs=5e-4)  # Wilson, 0 of 12


@pytest.mark.fault
def test_r08_shares_of_several_answers_exceed_100_with_a_note_and_respondents_as_base() -> None:
    survey = survey_of({"a": [1, 1, 1, 0] * 5, "b": [1, 1, 0, 1] * 5, "c": [1, 0, 0, 0] * 5, "sex": ["f", "m"] * 10})
    table = with_options(survey, "uses", ["a", "b", "c"]).table("uses", "sex")
    shares = [row.value for row in table.sections[0].columns[0].estimates]
    assert shares == pytest.approx([0.75, 0.75, 0.25])
    assert table.sections[0].columns[0].n == 20
    assert "Several answers were possible" in table.text()
    assert "do not add up" not in table.text()


def test_options_of_several_answers_may_stand_in_the_columns() -> None:
    survey = survey_of({"a": [1, 1, 0, 0] * 5, "b": [1, 0, 1, 0] * 5, "sex": ["f", "f", "m", "m"] * 5})
    columns = with_options(survey, "uses", ["a", "b"]).table("sex", "uses").sections[0].columns
    assert [(c.label, c.n, c.estimates[0].value) for c in columns] == [
        ("Total", 20, 0.5),
        ("option a", 10, 1.0),
        ("option b", 10, 0.5),
    ]
    assert columns[1].estimates[0].domain == "uses = option a"


@pytest.mark.fault
def test_r11_cells_that_expect_fewer_than_five_are_not_tested_in_print() -> None:
    survey = survey_of({"answer": ["yes"] * 16 + ["no"] * 4, "place": ["north", "south"] * 10})
    table = survey.table("answer", "place")
    assert "not tested; 2 of 4 cells expect fewer than 5 responses" in table.text()
    test = table.test()
    assert test.p_value is None
    assert test.null_reason is not None
    assert test.null_reason.endswith("exact_test('fisher', 'answer', 'place') is exact")
    assert test.extra["rough_p_value"] > 0
    weighted = survey_of({"answer": ["yes"] * 16 + ["no"] * 4, "place": ["north", "south"] * 10, "w": [2.0] * 20},
                         weights="w").independence_test("answer", "place")[0]  # fmt: skip
    assert weighted.p_value is not None
    assert "so the p value is rough" in str(weighted.note)
    fit = survey.goodness_of_fit("answer", {"yes": 0.8, "no": 0.2})[0]
    assert (fit.p_value, fit.null_reason) == (
        None,
        "1 of 2 categories expect fewer than 5 responses, too few for a chi-square; exact_test('goodness of fit', "
        "'answer', shares=...) is exact",
    )


@pytest.mark.fault
def test_r13_shares_that_do_not_add_up_are_noted_and_not_altered() -> None:
    text = survey_of({"answer": ["a", "b", "c"] * 20}).table("answer").text()
    assert [line.split()[-1] for line in text.splitlines()[4:7]] == ["33", "33", "33"]
    assert "Shares that do not add up to 100, because each is rounded: Total (99)." in text


def test_a_base_under_ten_shows_counts_and_no_percent() -> None:
    survey = survey_of({"answer": ["yes"] * 30 + ["no"] * 9, "place": ["north"] * 31 + ["south"] * 8})
    line = next(line for line in survey.table("answer", "place").text().splitlines() if line.startswith("no"))
    assert line.split() == ["no", "23", "3", "8", "of", "8"]


def test_layers_are_tables_of_their_own_with_one_test_within_them() -> None:
    survey = survey_of({"answer": ANSWERS * 2, "place": PLACES * 2, "year": [1] * 100 + [2] * 100})
    table = survey.table("answer", "place", "year")
    assert [section.label for section in table.sections] == ["year = 1", "year = 2"]
    assert table.test().subject == "answer by place within year"
    # two equal layers: the chi-squares of both, and one contrast each
    assert table.test("Chisq").statistic == pytest.approx(2 * 100 / 6)
    assert table.test("Chisq").df_numerator == 2


def test_letters_stand_beside_the_higher_share_and_name_the_column_that_is_lower() -> None:
    survey = survey_of({"answer": ANSWERS, "place": PLACES})
    banner = survey.banner("answer", ["place"])
    assert banner.letters("answer") == {("B", "no"): "A", ("A", "yes"): "B"}
    assert "Holm adjustment over the 2 comparisons" in banner.text()
    assert {(test.n_tests, test.adjustment) for test in banner.comparisons("answer")} == {(2, "holm")}


def test_a_column_with_a_base_under_thirty_has_no_letters() -> None:
    survey = survey_of({"answer": ["yes"] * 29 + ["no"] * 40, "place": ["north"] * 29 + ["south"] * 40})
    banner = survey.banner("answer", "place")
    assert banner.letters("answer") == {}
    assert banner.comparisons("answer")[0].null_reason == "a base under 30"
    assert "No letters" in banner.text()


def test_a_banner_begins_with_the_total_and_letters_run_through_all_questions() -> None:
    survey = survey_of({"answer": ANSWERS, "place": PLACES, "sex": ["f", "m"] * 50})
    (block,) = survey.banner(["answer"], ["place", "sex"]).blocks
    assert [(column.letter, column.label) for column in block] == [
        ("", "Total"),
        ("A", "north"),
        ("B", "south"),
        ("C", "f"),
        ("D", "m"),
    ]


def test_a_question_used_twice_is_refused() -> None:
    with pytest.raises(SurveyError, match="names a question twice"):
        survey_of({"answer": ANSWERS}).table("answer", "answer")


def test_a_test_of_several_answers_is_refused_with_what_to_do() -> None:
    survey = with_options(survey_of({"a": [1, 0], "b": [0, 1], "sex": ["f", "m"]}), "uses", ["a", "b"])
    with pytest.raises(SurveyError, match="test one option at a time"):
        survey.table("uses", "sex").test()


@pytest.mark.fault
def test_r19_a_long_japanese_label_wraps_and_keeps_every_character() -> None:
    label = "欧州と日本のクラスター組織" * 10
    lines = grid([["", "Total"], [label, "12"]])
    assert max(width(line) for line in lines) <= 40 + 2 + 5
    assert "".join(line.split()[0] for line in lines[1:]) == label
    assert wrapped("ab cd", 3) == ["ab", "cd"]
