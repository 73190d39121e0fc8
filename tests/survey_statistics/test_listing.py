"""What a console and a notebook show of results and of a survey itself."""

from __future__ import annotations

import pandas as pd

from analytics.survey_statistics.opening import survey


def test_a_mean_is_printed_with_what_it_rests_on() -> None:
    # By hand: mean 2, SE sqrt(1/3), t with 2 degrees of freedom 4.30265.
    opened = survey(pd.DataFrame({"x": [1.0, 2.0, 3.0]}), title="three")
    assert repr(opened.mean("x")).splitlines() == [
        "mean of x",
        "",
        "     value       SE     lower   upper  n  deff",
        "----------------------------------------------",
        "all      2  0.57735  -0.48414  4.4841  3     1",
        "----------------------------------------------",
        "Base: all responses; responses that answered x.",
        "95% intervals: t.",
        "three; weights: none; variance: linearised, without finite population correction.",
    ]


def test_a_label_tells_a_row_from_the_others() -> None:
    frame = pd.DataFrame({"q": ["はい", "いいえ", "はい", "いいえ"] * 5, "side": ["EU", "EU", "Japan", "Japan"] * 5})
    lines = repr(survey(frame, title="sides").proportion("q", by="side")).splitlines()
    assert [line.partition("  ")[0] for line in lines[4:8]] == [
        "いいえ, side = EU",
        "はい, side = EU",
        "いいえ, side = Japan",
        "はい, side = Japan",
    ]
    difference = repr(survey(frame, title="sides").difference("proportion", "q", "side"))
    assert "side = EU minus side = Japan" in difference
    assert "adjusted p" in difference


def test_a_notebook_shows_no_markup_of_a_file() -> None:
    frame = pd.DataFrame({"q": ["<b>yes</b>", "no"] * 8})
    shown = survey(frame, title="a & b").proportion("q")._repr_html_()
    assert shown is not None
    assert "<td>&lt;b&gt;yes&lt;/b&gt;</td><td>0.5</td>" in shown
    assert "a &amp; b; weights" in shown


def test_many_rows_are_cut_and_counted() -> None:
    frame = pd.DataFrame({"q": [f"answer {i:03}" for i in range(70)]})
    lines = repr(survey(frame, title="many").proportion("q")).splitlines()
    assert "... and 10 more rows; to_pandas() has them all." in lines
    assert any(line.startswith("answer 059") for line in lines)
    assert not any(line.startswith("answer 060") for line in lines)


def test_an_exact_test_has_a_p_value_and_no_statistic() -> None:
    # Fisher's tea tasting of 3 right of 4: p = (16 + 1 + 16 + 1) / 70 two-sided.
    frame = pd.DataFrame({"poured": ["milk"] * 4 + ["tea"] * 4, "said": ["milk"] * 3 + ["tea"] * 4 + ["milk"]})
    shown = repr(survey(frame, title="tea").exact_test("fisher", "poured", "said"))
    assert shown.startswith("poured by said: p = 0.486 (")
    assert survey(frame, title="tea").exact_test("fisher", "poured", "said")._repr_html_() is None


def test_a_survey_says_what_can_be_asked_and_how_it_was_drawn() -> None:
    frame = pd.DataFrame({"地域": ["関東", "近畿"], "h": [1, 2], "w": [1.5, 2.5]})
    assert repr(survey(frame, title="regions", weights="w", strata="h")).splitlines() == [
        "regions",
        "weights: w; sample: responses in strata h; finite population correction: off; variance: linearised; "
        "stratum with one unit: fail; estimates speak of these very units.",
        "3 columns:",
        "  地域  varchar",
        "  h     bigint",
        "  w     double",
    ]


def test_several_questions_are_asked_at_once_each_with_its_base() -> None:
    opened = survey(pd.DataFrame({"a": [1, 2, 3], "b": [4, 5, 9]}), title="three")
    rows = opened.mean(["a", "b"])
    assert [(row.question, row.value) for row in rows] == [("a", 2.0), ("b", 6.0)]
    lines = repr(rows).splitlines()
    assert lines[0] == "mean of 2 questions"
    assert lines[7:9] == [
        "Base of a: all responses; responses that answered a.",
        "Base of b: all responses; responses that answered b.",
    ]
