"""REDCap's exports: raw and labelled alike, check boxes, repeats, and when a record is finished."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ingest.survey.opening import open_export
from tests.survey.answers import ReadWave, answers_of

REDCAP = Path(__file__).parents[1] / "fixtures" / "survey" / "redcap"


@cache
def wave(name: str, dictionary: str = "dictionary.csv") -> ReadWave:
    return answers_of(REDCAP / name, REDCAP / dictionary)


def test_raw_and_labels_give_the_same_answers() -> None:
    raw, labels = (
        [(each.response, each.question, each.option, each.state, each.value) for each in wave(name).answers]
        for name in ("minimal_raw.csv", "nasty_labels.csv")
    )
    assert raw == labels
    assert wave("minimal_raw.csv").values("staff") == [12.0, None, None, None]
    assert wave("minimal_raw.csv").values("founded")[0].isoformat() == "2001-04-01"


def test_a_code_of_zero_is_ticked_by_one_only() -> None:
    found = wave("minimal_raw.csv")
    ticked = {"0": "not_selected", "1": "selected", "2": "not_selected", "-9": "selected"}
    assert found.of(1, "fields") == ticked
    assert found.of(3, "fields")["0"] == "selected"
    # Hidden by the branching logic, and seen and left: the same zeros.
    assert set(found.of(2, "fields").values()) == {"not_shown"}
    assert set(found.of(4, "fields").values()) == {"not_answered"}


def test_a_record_is_finished_when_every_form_is_complete() -> None:
    found = wave("minimal_raw.csv").responses
    assert [each["disposition"] for each in found] == ["complete", "partial", "complete", "complete"]
    assert [each["submitted_at"] is None for each in found] == [False, True, False, False]


def test_a_repeated_form_is_a_table_of_its_own() -> None:
    found = wave("nasty_repeats.csv", "dictionary_with_visits.csv")
    assert [each["response_id"] for each in found.responses] == ["1", "2", "3", "4"]
    visits = [
        (each.response, each.repeat, each.question, each.value or each.option) for each in found.answers if each.repeat
    ]
    assert visits == [
        (1, 1, "partner", "Mihon works"), (1, 1, "rating", "2"), (1, 2, "partner", "Sample lab"), (1, 2, "rating", "1"),
        (4, 1, "partner", "Mihon works"), (4, 1, "rating", None),
    ]  # fmt: skip


def test_identities_are_personal_columns() -> None:
    columns = {each.header: each.role for each in open_export(REDCAP / "minimal_raw.csv").columns}
    assert (columns["redcap_survey_identifier"], columns["member_timestamp"]) == ("external_id", "submitted_at")
