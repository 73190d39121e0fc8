"""What the reader of Qualtrics makes of the header of its exports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.survey.cells import tables_of
from ingest.survey.export import PERSONAL_ROLES
from ingest.survey.state import State
from ingest.survey.tools import qualtrics
from tests.faults.test_survey_forms_faults import FIXTURES, export_of


@pytest.fixture(scope="module")
def nasty() -> dict[str, tuple[str, ...]]:
    export = export_of(qualtrics, "qualtrics/nasty.csv")
    return {each.letters: (each.part, each.name, each.text, each.sub_name, each.sub_text) for each in export.columns}


def test_identities_and_places_are_personal() -> None:
    columns = export_of(qualtrics, "qualtrics/minimal.csv").columns
    assert {each.header for each in columns if each.role in PERSONAL_ROLES} == {
        *("IPAddress", "RecipientLastName", "RecipientEmail", "LocationLatitude"),
    }


def test_embedded_data_is_personal_until_the_card_says_otherwise() -> None:
    roles = {each.header: each.role for each in export_of(qualtrics, "qualtrics/nasty.csv").columns}
    assert roles["region"] == "custom"
    assert (roles["SC0"], roles["Q8_First Click"], roles["Q4 - Topics"]) == ("score", "other_meta", "other_meta")


def test_a_text_with_markup_and_line_breaks_is_one_plain_line(nasty: dict[str, tuple[str, ...]]) -> None:
    assert nasty["L"] == ("value", "Q1", 'Are you a "cluster"? (yes/no)', "", "")
    assert nasty["M"] == ("other", "Q1", 'Are you a "cluster"? (yes/no)', "2", "No, because:")


def test_questions_that_share_an_export_tag_are_told_apart_by_their_ids(nasty: dict[str, tuple[str, ...]]) -> None:
    assert (nasty["N"][1], nasty["O"][1]) == ("QID2", "QID7")


def test_a_ranking_a_matrix_of_ticks_and_a_loop(nasty: dict[str, tuple[str, ...]]) -> None:
    assert nasty["R"] == ("rank", "Q5_x", "Rank - these", "3", "Mail, post")
    assert nasty["S"] == ("tick", "Q6_1", "Partners - Japan", "1", "Trade")
    assert (nasty["V"][1], nasty["W"][1]) == ("1_Q9", "2_Q9")


def test_the_convention_and_the_zone_of_the_clock() -> None:
    export = export_of(qualtrics, "qualtrics/minimal.csv")
    assert export.options["timezone"] == "Asia/Tokyo"
    assert export.convention.empty == {"-99": State.NOT_ANSWERED}
    assert {export.convention.excluded[text] for text in ("1", "Survey Preview", "2")} == {"preview", "test"}
    assert "0" not in export.convention.excluded
    assert (export.convention.finished_by, export.convention.finished_texts[0]) == ("finished", "1")


def parts_after(change: Callable[[str], str], folder: Path) -> dict[str, str]:
    """The parts of the columns of the minimal export after a change to its text."""
    path = folder / "export.csv"
    path.write_text(change((FIXTURES / "qualtrics" / "minimal.csv").read_text(encoding="utf-8")), encoding="utf-8")
    return {each.header: each.part for each in qualtrics.read(path, tables_of(path)).columns}


def test_rows_that_all_hold_1_are_rows_where_options_have_ids(tmp_path: Path) -> None:
    parts = parts_after(lambda text: text.replace(",4,2,", ",1,1,").replace(",5,5,", ",1,1,"), tmp_path)
    assert (parts["visible_1"], parts["visible_2"], parts["fields_1"]) == ("value", "value", "tick")


def test_options_of_older_exports_are_told_from_rows_by_what_stands_in_them(tmp_path: Path) -> None:
    def older(text: str) -> str:
        for number in "123":
            text = text.replace(f'""QID2"",""choiceId"":""{number}""', f'""QID2_{number}""')
        return text.replace(" - Selected Choice", "")

    parts = parts_after(older, tmp_path)
    assert [parts[each] for each in ("fields_1", "fields_2", "fields_3", "fields_3_TEXT")] == [*("tick",) * 3, "other"]
    assert (parts["visible_1"], parts["visible_2"]) == ("value", "value")
