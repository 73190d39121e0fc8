"""What an XLSForm workbook becomes, and how its faults are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ingest.problem import Outcome, Problem, SourceError
from ingest.survey.codebook import Codebook, Option
from ingest.survey.codebook_xlsform import read_xlsform
from ingest.survey.xlsform_sheet import language_header, language_of
from tests.faults.told import told

FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey" / "codebook"


@pytest.fixture(scope="module")
def form() -> Codebook:
    return read_xlsform(FIXTURES / "minimal.xlsx")


@pytest.fixture(scope="module")
def faults() -> tuple[Problem, ...]:
    with pytest.raises(SourceError) as refused:
        read_xlsform(FIXTURES / "faults.xlsx")
    return refused.value.problems


def test_questions_stand_in_the_order_of_the_form_with_their_kinds(form: Codebook) -> None:
    assert [(each.code, each.kind) for each in form.questions] == [
        ("consent", "select_one"), ("fields", "select_multiple"), ("fields_other", "text"), ("staff", "integer"),
        ("rate_web", "select_one"), ("rate_fair", "select_one"), ("goals", "rank"), ("partner_city", "text"),
        ("mail", "text"), ("founded", "date"),
    ]  # fmt: skip
    assert form.languages == ("en", "ja")
    assert form.title == {"en": "Sample form", "ja": "見本"}
    assert form.by_code["fields"].labels == {"en": "Which fields?", "ja": "分野"}


def test_options_have_what_the_columns_of_ours_say(form: Codebook) -> None:
    consent, fields = form.by_code["consent"], form.by_code["fields"]
    assert consent.options[2] == Option("9", {"en": "Refused", "ja": "無回答"}, state="refused")
    assert [each.code for each in fields.options] == ["life", "ict", "none", "other"]
    assert fields.options[0].aliases == ("Bio", "Life")
    assert [each.code for each in fields.options if each.is_exclusive] == ["none"]
    assert [each.code for each in fields.options if each.is_other] == ["other"]
    assert form.by_code["fields_other"].other_of == "fields"
    assert form.by_code["staff"].missing == {"99999": "dont_know", "-1": "refused"}
    assert form.by_code["mail"].is_personal
    assert form.by_code["founded"].aliases == ("Year", "設立年月日")
    assert [each.code for each in form.questions if each.is_required] == ["consent"]


def test_a_condition_of_a_group_holds_for_each_question_in_it(form: Codebook) -> None:
    about = "${consent} = '1'"
    assert form.by_code["consent"].relevant == ""
    assert form.by_code["staff"].relevant == about
    assert form.by_code["rate_web"].relevant == f"({about}) and (selected(${{fields}}, 'ict'))"
    assert form.by_code["fields_other"].relevant.endswith("and (selected(${fields}, 'other'))")


def test_a_matrix_is_the_parent_of_its_rows_and_a_repeat_is_kept(form: Codebook) -> None:
    assert (form.by_code["rate_fair"].parent, form.by_code["staff"].parent) == ("rate", "about")
    assert form.by_code["rate_fair"].parent_labels == {"en": "How useful?", "ja": "役立ち度"}
    assert [each.code for each in form.questions if each.repeat] == ["partner_city"]


@pytest.mark.parametrize(
    ("code", "where", "english", "japanese"),
    [
        ("codebook_type_unknown", "sheet survey, cell A2", "nearest known: select_one", "セルA2"),
        ("codebook_list_missing", "sheet survey, cell A3", "list colours", "リスト colours"),
        ("codebook_condition_unknown", "sheet survey, cell D4", "'staf', nearest known: staff", "「staf」"),
        ("codebook_name_twice", "sheet survey, cell B5", "'c' also in cell B4", "「c」がセルB4"),
        ("codebook_missing_bad", "sheet survey, cell E5", "'99:dont_know'", "「99:dont_know」"),
        ("codebook_name_missing", "sheet survey, cell B6", "type 'text'", "種類「text」"),
        ("codebook_group_not_open", "sheet survey, cell A9", "begin_group open", "始まりのない"),
        ("codebook_group_open", "sheet survey, cell A10", "begin_group 'left'", "begin_group「left」"),
        ("codebook_option_twice", "sheet choices, cell B3", "also in cell B2", "セルB2"),
        ("codebook_state_unknown", "sheet choices, cell D4", "'unsure'", "「unsure」"),
        ("codebook_option_unnamed", "sheet choices, cell B5", "list 'yn'", "リスト「yn」"),
    ],
)
def test_every_fault_is_told_with_its_cell(
    faults: tuple[Problem, ...], code: str, where: str, english: str, japanese: str
) -> None:
    told(faults, code, Outcome.QUAR, [where, english], [japanese])


def test_the_text_of_other_may_not_have_the_name_of_a_question(faults: tuple[Problem, ...]) -> None:
    twice = [str(each) for each in faults if each.code == "codebook_name_twice"]
    assert len(twice) == 2
    assert "cell B12" in twice[1]
    assert "'d_other' also in cell B11" in twice[1]


@pytest.mark.parametrize(
    ("name", "code"), [("mixed.csv", "codebook_no_workbook"), ("no_form.xlsx", "codebook_sheet_missing")]
)
def test_a_file_that_is_no_form_is_refused(tmp_path: Path, name: str, code: str) -> None:
    import openpyxl

    path = tmp_path / name
    if path.suffix == ".csv":
        shutil.copyfile(FIXTURES / name, path)
    else:
        book = openpyxl.Workbook()
        book.worksheets[0].append(["type", "name"])
        book.save(path)
    with pytest.raises(SourceError) as refused:
        read_xlsform(path)
    told(refused.value.problems, code, Outcome.QUAR, ["XLSForm"], ["XLSForm"])


@pytest.mark.parametrize(
    ("printed", "code"),
    [("English (en)", "en"), ("日本語 (ja)", "ja"), ("Deutsch", "de"), ("pt-BR", "pt-br"), ("Klingon", "klingon")],
)
def test_languages_by_their_headers(printed: str, code: str) -> None:
    assert language_of(printed) == code


def test_the_header_of_a_language_names_it_so_that_it_is_read_again() -> None:
    assert language_header("ja") == "日本語 (ja)"
    assert [language_of(language_header(each)) for each in ("en", "fr", "ko", "klingon")] == [
        "en", "fr", "ko", "klingon",
    ]  # fmt: skip


def test_a_form_saved_as_ods_is_the_same(form: Codebook) -> None:
    """``minimal.ods`` is ``minimal.xlsx`` as LibreOffice saves it."""
    assert read_xlsform(FIXTURES / "minimal.ods") == form
