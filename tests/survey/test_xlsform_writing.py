"""A codebook written as XLSForm: what pyxform makes of it, what is read again, the same bytes, no formulas."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from ingest.survey.codebook import CHOICE, DATE, INTEGER, MULTIPLE, RANK, TEXT, Codebook, Option, Question
from ingest.survey.codebook_xlsform import read_xlsform
from ingest.survey.xlsform_writing import write_xlsform

FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey" / "codebook"
YES_NO = (
    Option("1", {"en": "=Yes", "ja": "はい"}, aliases=("Y", "Ja")),
    Option("2", {"en": "@No; never", "ja": "いいえ"}, is_exclusive=True, state="refused"),
)
RATE = {"en": "+Rate", "ja": "評価"}
NASTY = Codebook(
    (
        Question("Q1[SQ 1]", CHOICE, {"en": "=1+1", "ja": "同意\n改行"}, YES_NO, is_required=True),
        Question("row_1", CHOICE, {"en": "Web", "ja": "ウェブ"}, YES_NO, "rate", RATE, relevant="${Q1[SQ 1]} = '1'"),
        Question("row_2", CHOICE, {"en": "Fair"}, YES_NO, "rate", RATE, relevant="${nobody} = '1'"),
        Question("fields", MULTIPLE, {"ja": "分野"}, (Option("a b", {"en": "A"}), Option("x", {}, is_other=True))),
        Question("free words", TEXT, {"en": "Which?"}, other_of="fields"),
        Question("staff", INTEGER, {"en": "Staff"}, repeat="site", missing={"99": "dont_know"}, is_personal=True),
        Question("founded", DATE, {}, aliases=("Year",)),
        Question("order", RANK, {"en": "Order"}, YES_NO),
    ),
    "inferred", ("en", "ja"), {"en": "A \"form\"", "ja": "調査票"},
)  # fmt: skip


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "codebook.xlsx"
    write_xlsform(NASTY, path)
    return path


def test_pyxform_converts_it_without_complaint(written: Path) -> None:
    form = convert(str(written))
    assert form.warnings == []
    assert '<h:title>A "form"</h:title>' in form.xform.replace("&quot;", '"')


def test_a_form_that_was_read_is_written_and_read_as_the_same(tmp_path: Path) -> None:
    form = read_xlsform(FIXTURES / "minimal.xlsx")
    write_xlsform(form, tmp_path / "again.xlsx")
    again = read_xlsform(tmp_path / "again.xlsx")
    assert again.title == form.title
    assert [vars(each) for each in again.questions] == [vars(each) for each in form.questions]
    assert convert(str(tmp_path / "again.xlsx")).warnings == []


def test_codes_that_are_no_names_are_kept_as_aliases(written: Path) -> None:
    again = read_xlsform(written)
    first, multiple, words = (again.questions[place] for place in (0, 3, 4))
    assert (first.code, first.aliases) == ("Q1_SQ_1_", ("Q1[SQ 1]",))
    assert again.by_code["row_1"].relevant == "${Q1_SQ_1_} = '1'"
    assert [(each.code, each.aliases, each.is_other) for each in multiple.options] == [
        ("a_b", ("a b",), False), ("x", (), True),
    ]  # fmt: skip
    assert (words.code, words.other_of, words.aliases) == ("free_words", "fields", ("free words",))
    assert again.by_code["founded"].aliases == ("Year",)
    assert first.options == YES_NO
    # A condition on what is not in the form would make it one that no program opens.
    assert again.by_code["row_2"].relevant == ""


def test_questions_keep_matrix_repeat_and_missing_codes(written: Path) -> None:
    again = read_xlsform(written).by_code
    assert (again["row_2"].parent, again["row_2"].parent_labels) == ("rate", RATE)
    staff = again["staff"]
    assert (staff.repeat, staff.parent, staff.missing, staff.is_personal) == ("site", "", {"99": "dont_know"}, True)


def test_no_cell_is_a_formula(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=1+1" in {cell.value for cell in cells}
    assert all(cell.quotePrefix for cell in cells if cell.value[0] in "=+-@")


def test_a_text_that_only_looks_like_a_reference_leaves_the_form_valid(tmp_path: Path) -> None:
    """Qualtrics writes such texts where an earlier answer is shown; pyxform would refuse the whole form."""
    codes = ("first name", "meta")
    form = Codebook(
        (
            *(Question(code, TEXT, {"en": "A name"}) for code in codes),
            Question("piped", TEXT, {"en": "You said ${q://QID1/ChoiceTextEntryValue}."}, aliases=("${q://QID1}",)),
            Question("known", TEXT, {"en": "Dear ${first name}, is ${nobody} there? ${"}),
            Question("cost", CHOICE, {"en": "Cost"}, (Option("1", {"en": "${amount} a day"}),)),
        ),
        "inferred", ("en",), {},
    )  # fmt: skip
    write_xlsform(form, tmp_path / "form.xlsx")
    assert convert(str(tmp_path / "form.xlsx")).warnings == []
    again = {each.code: each for each in read_xlsform(tmp_path / "form.xlsx").questions}
    assert again["piped"].labels["en"] == "You said $ {q://QID1/ChoiceTextEntryValue}."
    assert again["known"].labels["en"] == "Dear ${first_name}, is $ {nobody} there? $ {"
    assert [each.aliases for each in again.values()][:2] == [(code,) for code in codes]
    assert again["cost"].options[0].labels["en"] == "$ {amount} a day"


def test_the_same_codebook_gives_the_same_bytes(tmp_path: Path, written: Path) -> None:
    write_xlsform(NASTY, tmp_path / "second.xlsx")
    assert (tmp_path / "second.xlsx").read_bytes() == written.read_bytes()
    with zipfile.ZipFile(written) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=12)
CODES = st.text("abcDEF[]_.-0123 年", min_size=1, max_size=8).filter(str.strip)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CODES, TEXTS, st.lists(CODES, min_size=1, max_size=3)), min_size=1, max_size=4))
def test_any_codebook_converts_and_keeps_its_order(tmp_path: Path, made: list[tuple[str, str, list[str]]]) -> None:
    questions = tuple(
        Question(f"{code}{number}", CHOICE, {"en": label}, tuple(Option(each) for each in dict.fromkeys(options)))
        for number, (code, label, options) in enumerate(made)
    )
    path = tmp_path / "any.xlsx"
    write_xlsform(Codebook(questions, "inferred"), path)
    convert(str(path))
    again = read_xlsform(path)
    assert [len(each.options) for each in again.questions] == [len(each.options) for each in questions]
    for before, after in zip(questions, again.questions, strict=True):
        assert after.code == before.code or before.code.strip() in after.aliases
