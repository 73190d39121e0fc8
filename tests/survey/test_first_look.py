"""What somebody meets who gives a survey file to `observatory` for the first time: files that are no plain export."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.inference import infer_codebook
from ingest.survey.opening import open_export
from orchestration.add_command import add_edition, export_facts, refuse_codebook, run_add
from orchestration.check_command import run_check
from orchestration.settings import Settings
from tests.conftest import ROOT
from tests.faults.told import told
from tests.survey.answers import answers_of

STUDY = ROOT / "tests" / "fixtures" / "survey" / "study"
HEADER = "Timestamp,Which fields?,Anything else?"


def refused(function: Callable[..., object], *arguments: object, **named: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        function(*arguments, **named)
    return caught.value


def settings_in(folder: Path) -> Settings:
    return Settings(folder / "home", folder / "inbox", ())


def test_lines_above_the_header_of_an_export(tmp_path: Path) -> None:
    """A title typed over a linked sheet; the list reader would take a respondent for the header."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["協力調査"], [], ["タイムスタンプ", "組織の種類は？"], ["2022/05/01 10:00:00", "大学"]):
        sheet.append(row)
    book.save(tmp_path / "edited.xlsx")
    error = refused(open_export, tmp_path / "edited.xlsx")
    told(
        error.problems, "survey_lines_above", Outcome.QUAR,
        ["Google Forms in row 3", "lines above it: 2", "take the lines above"],
        ["Google Formsの見出しは3行目", "その上に2行"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "form"),
    [("limesurvey.lss", "LimeSurvey"), ("redcap_data_dictionary.csv", "REDCap")],
)
def test_a_codebook_is_not_taken_for_a_list(tmp_path: Path, name: str, form: str) -> None:
    error = refused(export_facts, STUDY / name, tmp_path)
    told(
        error.problems, "survey_codebook_alone", Outcome.QUAR,
        [form, f"observatory add EXPORT --codebook {name}"], ["コードブック", f"--codebook {name}"],
    )  # fmt: skip


def test_an_xlsform_is_not_taken_for_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(refuse_codebook, STUDY / "study_codebook.xlsx", "survey", ["type", "name", "relevant"])
    refuse_codebook(STUDY / "study_codebook.xlsx", "members", ["type", "name"])
    assert run_add(settings_in(tmp_path), STUDY / "study_codebook.xlsx", None, in_japanese=False) == 1
    assert "observatory add EXPORT --codebook study_codebook.xlsx" in capsys.readouterr().err


def test_a_codebook_that_is_not_there(tmp_path: Path) -> None:
    error = refused(
        add_edition, settings_in(tmp_path), STUDY / "table.csv", tmp_path, tmp_path / "no.xlsx", in_japanese=False
    )
    told(
        error.problems, "survey_no_such_codebook", Outcome.QUAR, ["no.xlsx", "behind --codebook"],
        ["コードブックがありません"],
    )  # fmt: skip


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not as one whose permissions are wrong."""
    assert run_check(settings_in(tmp_path), [tmp_path / "none" / "source.yml"], in_japanese=False) == 1
    assert "there is no such file" in capsys.readouterr().out


def test_a_plain_table_is_drafted_with_its_codebook(tmp_path: Path) -> None:
    rows = (STUDY / "table.csv").read_text(encoding="utf-8").splitlines()[:-1]
    table = tmp_path / "plain_2020.csv"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    folder, draft, _, _ = add_edition(
        settings_in(tmp_path), table, tmp_path, STUDY / "study_codebook.xlsx", in_japanese=False
    )
    assert draft.content["survey"]["tool"] == "plain table"
    assert draft.content["survey"]["codebook"]["file"] == "study_codebook.xlsx"
    assert (folder / "study_codebook.xlsx").read_bytes() == (STUDY / "study_codebook.xlsx").read_bytes()


def test_no_guessed_option_holds_contact_data(tmp_path: Path) -> None:
    """Remarks that come again look like a list, and labels of options are published."""
    path = tmp_path / "form.csv"
    remark = "Write to mihon@example.org"
    rows = [f"2022/05/0{day} 10:00:00,A,{remark}" for day in range(1, 7)]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    kinds = [question.kind for question in infer_codebook(open_export(path)).questions]
    assert kinds == ["select_one", "text"]


def test_the_code_for_other_is_no_guessed_option() -> None:
    """LimeSurvey writes -oth- where a text was written; the other codes stay as they are."""
    codebook = infer_codebook(open_export(STUDY / "limesurvey_codes.csv"))
    options = codebook.by_code["orgkind"].options
    assert {option.code for option in options} == {"1", "2", "3", "4", "5", "other"}
    assert [option.code for option in options if option.is_other] == ["other"]


def test_contact_data_in_a_question_is_withheld(tmp_path: Path) -> None:
    """Whoever types an address into a question would stop every release at its border."""
    path = tmp_path / "form.csv"
    text = "Anything else? Or write to mihon@example.org"
    rows = [f"2022/05/0{day} 10:00:00,A,None" for day in range(1, 4)]
    path.write_text("\n".join([HEADER.replace("Anything else?", text), *rows]) + "\n", encoding="utf-8")
    wave = answers_of(path)
    told(
        wave.problems, "survey_label_redacted", Outcome.WARN, ["address or a telephone number: 1", "[redacted]"],
        ["1件", "[redacted]"],
    )  # fmt: skip
    assert "mihon@" not in str(wave.facts.to_plain())
    assert [each.state for each in wave.answers if each.question == "q3"] == ["selected"] * 3


def test_many_problems_of_one_kind_are_told_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A codebook of another survey: twenty questions are missing, one sentence says how many more."""
    path = tmp_path / "other.csv"
    shutil.copy(STUDY / "google_forms_file.csv", path)
    path.write_text(path.read_text(encoding="utf-8").replace("2020", "2021"), encoding="utf-8")
    codebook = tmp_path / "codebook.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    for row in (["type", "name", "label"], *(["text", f"x{n}", f"Text {n}"] for n in range(20))):
        sheet.append(row)
    book.save(codebook)
    assert run_add(settings_in(tmp_path), path, None, codebook, in_japanese=False) == 1
    lines = capsys.readouterr().err.splitlines()
    assert sum("x" in line and "lacks" in line for line in lines) == 4
    assert any("and 16 more of this kind" in line for line in lines)
