"""What the reader of SurveyMonkey makes of the two header rows of its exports."""

from __future__ import annotations

from pathlib import Path

from ingest.problem import Outcome
from ingest.survey.cells import tables_of
from ingest.survey.export import PERSONAL_ROLES, Export
from ingest.survey.tools import surveymonkey
from tests.faults.test_survey_forms_faults import FIXTURES, export_of, read
from tests.faults.told import told


def parts(export: Export) -> dict[str, str]:
    return {each.letters: each.part for each in export.columns if each.role == "answer"}


def test_options_rows_ranks_and_texts_are_told_apart() -> None:
    export = export_of(surveymonkey, "surveymonkey/minimal.csv")
    found = parts(export)
    assert [found[each] for each in "JKLMNOPQR"] == [*("tick", "tick", "other"), *("value",) * 3, *("rank",) * 3]
    assert export.form == "expanded"
    assert "none_ticked" in export.limits


def test_a_condensed_export_has_one_column_for_each_question() -> None:
    export = export_of(surveymonkey, "surveymonkey/minimal_condensed.csv")
    assert (export.form, set(parts(export).values())) == ("condensed", {"value"})
    assert export.convention.separators == (", ", ",")
    assert "none_ticked" not in export.limits


def test_numbers_in_place_of_labels_are_ticks() -> None:
    export = export_of(surveymonkey, "surveymonkey/minimal_numeric.csv")
    assert list(parts(export).values()) == [*("tick", "tick", "other"), "value", "other", "value", "value"]
    assert set("123") <= set(export.convention.ticked)


def test_identities_and_the_contact_block_are_personal() -> None:
    columns = export_of(surveymonkey, "surveymonkey/nasty.csv").columns
    assert [each.letters for each in columns if each.role in PERSONAL_ROLES] == [*"EFGHI", *"RTU"]


def test_questions_with_the_same_text_stay_two() -> None:
    columns = {each.letters: each for each in export_of(surveymonkey, "surveymonkey/nasty.csv").columns}
    assert (columns["P"].text, columns["Q"].text) == ("Remarks", "Remarks")
    assert (columns["P"].sub_text, columns["Q"].sub_text) == ("", "")


def test_the_order_of_day_and_month_is_read_from_the_times(tmp_path: Path) -> None:
    text = (FIXTURES / "surveymonkey" / "minimal.csv").read_text(encoding="utf-8")
    for old, new, form in (("03/", "25/", "%d/%m/%Y %I:%M:%S %p"), ("03/", "03/", "%m/%d/%Y %I:%M:%S %p")):
        path = tmp_path / "export.csv"
        path.write_text(text.replace(old, new) if new != old else text, encoding="utf-8")
        export = surveymonkey.read(path, tables_of(path))
        assert form in export.convention.clock
        assert "survey_forms_day_or_month" not in {each.code for each in export.problems}
    for day in range(13, 17):
        text = text.replace(f"03/{day}/", "03/04/")
    path.write_text(text, encoding="utf-8")
    told(
        surveymonkey.read(path, tables_of(path)).problems, "survey_forms_day_or_month", Outcome.WARN,
        ["the day or the month", "month first"], ["日と月のどちらが先か"],
    )  # fmt: skip


def test_a_condensed_list_is_split_by_the_options_and_the_rest_is_other() -> None:
    wave = read("surveymonkey/minimal_condensed.csv")
    assert wave.of(1, "fields") == {"life": "selected", "ict": "selected", "other": "not_selected"}
    assert wave.of(2, "fields") == {"life": "not_selected", "ict": "selected", "other": "selected"}
    assert wave.values("fields_other") == [None, "手漉き和紙"]
    assert wave.values("visible_2") == ["2", "5"]


def test_the_card_names_a_column_by_both_levels_of_its_header() -> None:
    text = "Which fields? Tick all"
    columns = {
        f"{text} / 和紙; 織物": "fields/life",
        f'{text} / Said "ICT"': "fields/ict",
        f"{text} / これ以外:": "fields_other",
    }
    wave = read("surveymonkey/nasty.csv", columns=columns)
    assert wave.of(1, "fields") == {"life": "selected", "ict": "selected", "other": "selected"}
    assert wave.of(2, "fields") == {"life": "not_selected", "ict": "selected", "other": "not_selected"}
    assert wave.of(3, "fields") == {"life": "not_selected", "ict": "not_selected", "other": "selected"}
    assert wave.values("fields_other") == ["漆器", None, "陶器"]
