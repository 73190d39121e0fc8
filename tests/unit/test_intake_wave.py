"""A survey export in the drop folder: received with its codebook, set aside with it, drafted where it has no card."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from orchestration.add_command import run_add
from orchestration.check_command import run_check
from orchestration.settings import Settings
from tests.conftest import ROOT
from tests.unit.dropped import DropFolder, rested, with_expectations

STUDY = ROOT / "tests" / "fixtures" / "survey" / "study"
CARD = ROOT / "ingest" / "sources" / "eu_japan_cooperation" / "2020" / "source.yml"
EXPORT, CODEBOOK = "qualtrics_split_labels.csv", "study_codebook.xlsx"


def write_wave(folder: Path, export: Path = STUDY / EXPORT, n_rows: int = 121, **changes: Any) -> Path:
    """A card with its export and its codebook, as somebody would put them into the drop folder."""
    folder.mkdir(parents=True)
    shutil.copy(export, folder)
    shutil.copy(STUDY / CODEBOOK, folder)
    content = yaml.safe_load(CARD.read_text(encoding="utf-8"))
    survey = content["survey"] | {"codebook": {"file": CODEBOOK, "sha256": sha256(STUDY / CODEBOOK)}}
    content |= {
        "id": "sample_survey-2021", "family": "sample_survey", "edition": "2021", "file": export.name,
        "sha256": sha256(export), "expected_rows": {"min": str(n_rows), "max": str(n_rows)}, "survey": survey,
    }  # fmt: skip
    card = folder / "source.yml"
    card.write_text(yaml.safe_dump(content | changes, allow_unicode=True), encoding="utf-8")
    for path in folder.iterdir():
        rested(path)
    return card


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_wave_is_received_with_its_codebook(tmp_path: Path) -> None:
    drops = with_expectations(tmp_path)
    write_wave(drops.inbox / "survey")
    round_ = drops.receive()
    assert [revision.edition_id for revision in round_.accepted] == ["sample_survey/2021"]
    revision = drops.active()["sample_survey/2021"]
    assert revision.rows == 121
    assert {path.name for path in revision.folder.iterdir()} >= {EXPORT, CODEBOOK, "source.yml"}
    assert not round_.unspoken
    again = drops.receive()
    assert not again.accepted
    assert not again.set_aside


def test_a_wave_whose_codebook_was_changed_is_set_aside_with_it(tmp_path: Path) -> None:
    drops = with_expectations(tmp_path)
    card = write_wave(drops.inbox / "survey")
    card.with_name(CODEBOOK).write_bytes(b"another file")
    rested(card.with_name(CODEBOOK))
    round_ = drops.receive()
    assert [problem.code for _, problems in round_.set_aside for problem in problems] == ["survey_codebook_altered"]
    assert {"survey/" + EXPORT, "survey/" + CODEBOOK, "survey/source.yml"} <= set(drops.quarantine())


def test_too_few_responses_are_implausible(tmp_path: Path) -> None:
    drops = with_expectations(tmp_path)
    write_wave(drops.inbox / "survey", n_rows=500)
    codes = {problem.code for _, problems in drops.receive().set_aside for problem in problems}
    assert "edition_implausible" in codes


@pytest.mark.parametrize("name", ["eusurvey.xml", "spss.sav", "limesurvey.lsa"])
def test_an_export_of_any_kind_waits_for_its_card(tmp_path: Path, name: str) -> None:
    drops = DropFolder(tmp_path)
    drops.drop(name, (STUDY / name).read_bytes())
    assert [problem.code for problem in drops.receive().unspoken] == ["file_without_card"]


def test_check_tells_what_an_export_without_a_card_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drops = DropFolder(tmp_path)
    path = drops.drop(EXPORT, (STUDY / EXPORT).read_bytes())
    assert run_check(Settings(drops.folder / "home", drops.inbox, ()), [path], in_japanese=False) == 0
    said = capsys.readouterr().out
    assert "an export of Qualtrics" in said
    assert "responses 121" in said
    assert "A card is needed" in said


def test_add_drafts_a_card_and_a_codebook_that_are_then_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "inbox", ())
    assert run_add(settings, STUDY / "microsoft_forms_ja.xlsx", None, in_japanese=True) == 0
    assert "Microsoft Forms" in capsys.readouterr().out
    draft = next((tmp_path / "inbox").glob("*/source.draft.yml"))
    content = yaml.safe_load(draft.read_text(encoding="utf-8"))
    # What the officer fills in.
    content |= {
        "id": "sample_forms-2021", "family": "sample_forms", "edition": "2021", "title": "Sample survey",
        "publisher": {"name": "Sample Agency", "country": "JP", "official": False}, "page_address": "https://example.org",
        "reference_date": "2021-04-01", "licence": {"name": "sent by its owner"}, "reviewed_by": "survey officer",
        "reviewed_on": "2021-05-01", "scope_rule": "members of the sample network",
    }  # fmt: skip
    content["survey"] |= {"title": {"en": "Sample survey"}, "link": "open", "retention_until": "2030-12-31"}
    content["survey"]["design"] = {"unit": "organisation", "estimates_speak_of": "process"}
    draft.with_name("source.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    draft.unlink()
    for path in draft.parent.iterdir():
        rested(path)
    assert [each.edition_id for each in with_expectations(tmp_path).receive().accepted] == ["sample_forms/2021"]
