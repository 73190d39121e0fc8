"""Questions that ask who somebody is are withheld, with a codebook that does not say so and without any."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from ingest.problem import Outcome
from ingest.survey.codebook import Codebook
from ingest.survey.codebook_xlsform import read_xlsform
from ingest.survey.free_text import redacted
from ingest.survey.personal_question import kind_of_text
from ingest.survey.xlsform_writing import write_xlsform
from tests.faults.told import told
from tests.survey.answers import ReadWave, answers_of

NAMES = ("Mihon Hanako", "Sample Taro", "Rei Jiro")
MAILS = ("hanako@mihon.example.org", "taro＠sample.example.org", "jiro@rei.example.org")
# Put together here, so that no file of the project holds anything that looks like somebody's number.
NUMBERS = tuple("0" + digits * 3 for digits in ("312", "451", "523"))
SECRETS = (*NAMES, *MAILS, *NUMBERS, "Mihon", *(number.lstrip("0") for number in NUMBERS))


def form(folder: Path, columns: dict[str, Sequence[str]]) -> Path:
    """A made-up export of Google Forms, in which each column is repeated so that it looks like a list."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Timestamp", *columns])
    for number, row in enumerate(list(zip(*columns.values(), strict=True)) * 8):
        writer.writerow([f"2020/03/01 10:{number:02}:00 AM GMT+9", *row])
    path = folder / "form.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def codebook(folder: Path, survey: Sequence[Sequence[str]], choices: Sequence[Sequence[str]] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in {"survey": survey, "choices": choices}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(folder / "codebook.xlsx")
    return folder / "codebook.xlsx"


def shown(wave: ReadWave) -> str:
    """Everything that may leave the restricted store: answers, code lists, sentences."""
    said = "".join(str(each) + each.japanese for each in wave.problems)
    return json.dumps([*map(dataclasses.astuple, wave.answers), wave.facts.codebook], ensure_ascii=False) + said


def test_names_and_addresses_are_no_options_of_a_guessed_codebook(tmp_path: Path) -> None:
    wave = answers_of(
        form(
            tmp_path,
            {
                "1. Your name": NAMES, "E-mail (optional)": MAILS, "Telephone": NUMBERS, "担当者": NAMES, "氏名": NAMES,
                "Where did you hear of us?": MAILS, "Number": NUMBERS, "Field": ("Life", "ICT", "Life"),
            },
        )
    )  # fmt: skip
    assert [secret for secret in SECRETS if secret in shown(wave)] == []
    states = {each.question: each.state for each in wave.answers}
    assert [states[f"q{number}"] for number in range(2, 9)] == ["redacted"] * 7
    assert states["q9"] == "selected"


def test_a_drafted_codebook_lists_nobody(tmp_path: Path) -> None:
    wave = answers_of(form(tmp_path, {"Name": NAMES, "Mail of a colleague": MAILS}))
    path = tmp_path / "draft.xlsx"
    write_xlsform(Codebook.from_plain(wave.facts.codebook), path)
    cells = [str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row]
    assert [secret for secret in SECRETS if secret in "\n".join(cells)] == []
    assert [each.is_personal for each in read_xlsform(path).questions] == [True, True]


def test_one_address_among_the_choices_is_no_option(tmp_path: Path) -> None:
    answers = (*("Life", "ICT") * 4, MAILS[0])
    wave = answers_of(form(tmp_path, {"Field": answers}))
    assert MAILS[0] not in shown(wave)
    assert [each["code"] for each in wave.facts.codebook["questions"][0]["options"]] == ["Life", "ICT"]


def test_rows_of_a_matrix_and_questions_about_telephones_stay_open(tmp_path: Path) -> None:
    often = ("Often", "Never", "Often")
    wave = answers_of(
        form(
            tmp_path,
            {
                "How do you work? [E-mail]": often, "How do you work? [Telephone]": often,
                "Do you own a mobile phone?": ("Yes", "No", "Yes"),
                "Name of your organisation": ("Kobe", "Toyama", "Kobe"),
            },
        )
    )  # fmt: skip
    assert {each.state for each in wave.answers} == {"selected"}


def test_an_id_of_a_response_that_is_an_address_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    rows = [f"{mail},{mail},Life" for mail in (MAILS[0], MAILS[2], "h.mihon@example.org")]
    path.write_text("\n".join(["respondent_id,collector,field", *rows, "R_1,web,ICT", ""]), encoding="utf-8")
    wave = answers_of(path, codebook(tmp_path, (*SURVEY, ("text", "field", "Field", ""))), tool="plain table")
    assert [row["response_id"] for row in wave.responses] == ["r2", "r3", "r4", "R_1"]
    assert [row["collector"] for row in wave.responses] == [*["[redacted]"] * 3, "web"]
    assert [secret for secret in SECRETS if secret in shown(wave)] == []


SURVEY = (("type", "name", "label::English (en)", "personal"),)


def test_a_codebook_that_says_nothing_of_a_name_withholds_it_with_a_warning(tmp_path: Path) -> None:
    path = form(tmp_path, {"Name": NAMES, "Anything else?": ("a", "b", "c")})
    rows = (*SURVEY, ("text", "who", "Name", ""), ("text", "rest", "Anything else?", ""))
    wave = answers_of(path, codebook(tmp_path, rows))
    told(
        wave.problems, "survey_question_personal", Outcome.WARN, ["'who'", "the name of a person", "withheld"],
        ["設問「who」", "非公開"],
    )  # fmt: skip
    assert [secret for secret in SECRETS if secret in shown(wave)] == []
    assert wave.values("rest")[:3] == ["a", "b", "c"]


def test_a_codebook_that_clears_a_question_has_the_last_word(tmp_path: Path) -> None:
    path = form(tmp_path, {"Name": ("Kobe", "Toyama", "Kobe")})
    given = codebook(tmp_path, (*SURVEY, ("text", "town", "Name", "no")))
    wave = answers_of(path, given)
    assert wave.values("town")[:3] == ["Kobe", "Toyama", "Kobe"]
    assert "survey_question_personal" not in {each.code for each in wave.problems}
    write_xlsform(read_xlsform(given), tmp_path / "again.xlsx")
    assert [each.is_cleared for each in read_xlsform(tmp_path / "again.xlsx").questions] == [True]


def test_choices_of_a_personal_question_are_withheld_too(tmp_path: Path) -> None:
    path = form(tmp_path, {"Illness?": ("Flu", "None", "Mihon Hanako"), "Which?": ("Flu;Cold", "Cold", "Mihon")})
    rows = (*SURVEY, ("select_one ill", "one", "Illness?", "yes"), ("select_multiple ill", "more", "Which?", "yes"))
    wave = answers_of(
        path, codebook(tmp_path, rows, (("list_name", "name", "label::English (en)"), *(("ill", each, each) for each in
                                                                                      ("Flu", "Cold", "None"))))
    )  # fmt: skip
    assert {each.state for each in wave.answers} == {"redacted"}
    assert {each.raw for each in wave.answers} == {None}
    assert [secret for secret in SECRETS if secret in shown(wave)] == []


def test_telephone_numbers_in_the_place_of_numbers_are_withheld(tmp_path: Path) -> None:
    path = form(tmp_path, {"How many?": (NUMBERS[0], "3", "12.5")})
    wave = answers_of(path, codebook(tmp_path, (*SURVEY, ("decimal", "n", "How many?", ""))))
    assert [each.state for each in wave.answers[:3]] == ["redacted", "answered", "answered"]
    assert wave.values("n")[:3] == [None, 3, 12.5]
    assert [secret for secret in SECRETS if secret in shown(wave)] == []


def test_what_cannot_be_read_of_a_personal_question_is_not_quoted(tmp_path: Path) -> None:
    path = form(tmp_path, {"Born": NAMES})
    wave = answers_of(path, codebook(tmp_path, (*SURVEY, ("date", "born", "Born", "yes"))))
    assert [secret for secret in SECRETS if secret in shown(wave)] == []
    assert {each.state for each in wave.answers} == {"redacted"}


@pytest.mark.parametrize(
    "text",
    [
        "sent from " + ".".join(("192", "0", "2", "77")) + ".", "it was fe80::1", "2001:db8:0:0:0:0:0:1",
        "〒" + "100" + "-0001 見本町", "see https://mihon.example.org/s?lang=ja&token=abc", "mihon＠sample.example.org",
    ],
)  # fmt: skip
def test_addresses_of_devices_homes_and_invitations_are_withheld(text: str) -> None:
    assert redacted(pa.array([text]))[0].to_pylist() == ["[redacted]"]


@pytest.mark.parametrize(
    "text", ["version 1.2.3.4", "at 10:20:30", "https://mihon.example.org/a?lang=ja", "3::4", "10.2.1"]
)
def test_versions_times_and_plain_pages_are_not(text: str) -> None:
    assert redacted(pa.array([text]))[0].to_pylist() == [text]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Q1. Name", "person"), ("問1　氏名", "person"), ("ご担当者のお名前をご記入ください。", "contact"),
        ("What is your full name, and since when do you work there?", "person"), ("Phone", "telephone"),
        ("Company name", ""), ("会社名", ""), ("クラスターの名前", ""), ("How often do you use e-mail at work?", ""),
    ],
)  # fmt: skip
def test_the_wording_tells_what_is_asked(text: str, kind: str) -> None:
    assert kind_of_text(text) == kind


def test_two_answers_to_one_personal_question_are_not_quoted(tmp_path: Path) -> None:
    path = form(tmp_path, {"Illness?": ("Flu", "Flu", "Cold"), "Illness? ": ("Cold", "Flu", "Mihon")})
    rows = (*SURVEY, ("select_one ill", "ill", "Illness?", "yes"))
    choices = (("list_name", "name", "label::English (en)"), ("ill", "Flu", "Flu"), ("ill", "Cold", "Cold"))
    wave = answers_of(path, codebook(tmp_path, rows, choices))
    said = "".join(str(each) + each.japanese for each in wave.problems)
    assert [text for text in ("Flu / Cold", "Cold / Flu", "Mihon") if text in said] == []
    assert {each.state for each in wave.answers} == {"redacted"}
