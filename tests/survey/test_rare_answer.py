"""What hardly anybody answered has no label of its own in a guessed codebook of a withheld survey."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analytics.survey_statistics.disclosure.rules import default_rules
from ingest.survey.codebook import Codebook
from ingest.survey.landing import job_of
from ingest.survey.rare_answer import LEAST_GIVEN
from ingest.survey.wave_card import wave_card
from tests.survey.answers import answers_of
from tests.unit.test_wave_card import wave

SECRET = "only mihonzaka does this"
# Silk and SILK are one answer, given five times; two answers were given too rarely.
HOW = ["silk", "SILK"] + ["silk"] * 3 + ["paper"] * 30 + [SECRET] * 3 + ["bamboo"] * 4
FIELDS = ["a; b", "b; a", "a", "b"] * 9 + ["a; " + SECRET, "b; rare", "a; rare", "a; b"] + ["b", "a"]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    rows = [f'"{number}","{how}","{field}"' for number, (how, field) in enumerate(zip(HOW, FIELDS, strict=True))]
    path.write_text("\n".join(["id,how,fields", *rows, ""]), encoding="utf-8")
    return path


@pytest.mark.fault
def test_r04_words_of_fewer_than_five_are_no_labels_of_a_withheld_survey(export: Path) -> None:
    read = answers_of(export, tool="plain table", least_given=5)
    codebook = Codebook.from_plain(read.facts.codebook)
    labels = {code: [option.labels["en"] for option in codebook.by_code[code].options] for code in ("how", "fields")}
    assert labels == {
        "how": ["silk", "paper", "other answers, each given by fewer than 5"],
        "fields": ["a", "b", "other answers, each given by fewer than 5"],
    }
    assert SECRET not in "".join(labels["how"] + labels["fields"])
    # They are one answer, not unreadable: 3 + 4 responses.
    assert read.facts.n_unreadable == 0
    assert [option.code for option in codebook.by_code["how"].options][-1] == "other_answers"


def test_all_words_are_labels_where_the_answers_are_published(export: Path) -> None:
    codebook = Codebook.from_plain(answers_of(export, tool="plain table").facts.codebook)
    assert [option.labels["en"] for option in codebook.by_code["how"].options] == ["silk", "paper", SECRET, "bamboo"]


def test_the_house_and_the_card_say_how_few_are_too_few(tmp_path: Path) -> None:
    assert default_rules().threshold == LEAST_GIVEN
    sections: dict[str, dict[str, Any]] = {
        "withheld": {},
        "by three": {"disclosure": {"threshold": 3}},
        "published": {"microdata": "published", "microdata_reason": "made up by hand"},
    }
    made = {said: wave(tmp_path / said, section, synthetic=True) for said, section in sections.items()}
    told = {said: job_of(wave_card(card)).least_given for said, card in made.items()}
    assert told == {"withheld": 5, "by three": 3, "published": 1}
