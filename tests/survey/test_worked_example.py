"""The worked example of docs/surveys.md, done as it says: from the export through the guessed codebook to its table."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
import yaml

from ingest.printed_table import file_sha256
from orchestration.add_command import run_add
from orchestration.check_command import run_check
from orchestration.settings import Settings
from tests.conftest import ROOT
from tests.survey.answers import answers_of

PAGE = (ROOT / "docs" / "surveys.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([^|]*)\| (\w+) \| (\d+) \| (\d*) ?\| (\d*) ?\|$", re.MULTILINE)


@pytest.fixture
def added(tmp_path: Path) -> Path:
    """The folder that `observatory add` makes of the export on the page, with the card completed."""
    export = tmp_path / "fields_2022.csv"
    [rows] = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    export.write_text(rows, encoding="utf-8")
    assert run_add(Settings(tmp_path / "home", tmp_path / "inbox", ()), export, None, in_japanese=False) == 0
    folder = tmp_path / "inbox" / "fields_2022"
    draft = folder / "source.draft.yml"
    content = yaml.safe_load(draft.read_text(encoding="utf-8"))
    assert (content["id"], content["edition"], content["reference_date"]) == ("fields-2022", "2022", "2022-05-18")
    content |= {
        "title": "Fields", "publisher": {"name": "Sample Agency", "country": "JP", "official": False},
        "page_address": "https://www.example.org/survey", "licence": {"name": "not public"},
        "reviewed_by": "survey officer", "reviewed_on": "2022-06-01", "scope_rule": "clusters of a sample",
    }  # fmt: skip
    content["survey"] = {"codebook": content["survey"]["codebook"]}
    (folder / "source.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    draft.unlink()
    return folder


def review(codebook: Path) -> None:
    """The three corrections of the page."""
    book = openpyxl.load_workbook(codebook)
    choices, survey = book["choices"], book["survey"]
    options = {(row[0].value, row[2].value): row for row in choices.iter_rows(min_row=2)}
    names = [cell.value for cell in choices[1]]
    options["q3", "ICT"][2].value = "ICT, software"
    options["q3", "None of these"][names.index("is_exclusive")].value = "yes"
    choices.delete_rows(options["q3", "software"][0].row)
    relevant = [cell.value for cell in survey[1]].index("relevant")
    [question] = [row for row in survey.iter_rows(min_row=2) if row[1].value == "q3"]
    question[relevant].value = "${q2} = 'Yes'"
    book.save(codebook)


def test_the_example_gives_the_table_of_the_page(added: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codebook = added / "codebook.xlsx"
    review(codebook)
    # The refusal says what to write and where.
    assert run_check(Settings(added.parents[1] / "home", added.parent, ()), [added], in_japanese=False) == 1
    assert f'survey > codebook: "sha256: {file_sha256(codebook)}"' in capsys.readouterr().out
    wave = answers_of(added / "fields_2022.csv", codebook)
    labels = {
        option["code"]: option["labels"]["en"]
        for question in wave.facts.codebook["questions"] if question["code"] == "q3"
        for option in question["options"]
    }  # fmt: skip
    ticks = [each for each in wave.answers if each.question == "q3"]
    base = {each.response for each in ticks if each.state in {"selected", "not_selected"}}
    found = {}
    for option, label in labels.items():
        n = sum(each.state == "selected" for each in ticks if each.option == option)
        found[label, "selected"] = (n, len(base), round(100 * n / len(base)))
    for state in ("not_answered", "not_shown"):
        found["", state] = (len({each.response for each in ticks if each.state == state}), len(base), None)
    printed = {
        (label.strip(), state): (int(n), int(base_n) if base_n else None, int(share) if share else None)
        for label, state, n, base_n, share in ROW.findall(PAGE)
    }
    assert len(printed) == 5
    assert found == printed
    assert [each.state for each in wave.answers if each.question == "q4"].count("redacted") == 1
