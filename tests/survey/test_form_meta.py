"""The reviewed table of technical columns: its roles are those of an export, and no header has two."""

from __future__ import annotations

from ingest.survey.export import ROLES
from ingest.survey.signature import signatures
from ingest.survey.tools import heading
from ingest.tables.cell_text import fold
from ingest.values.tables import read_table_beside

ROWS = read_table_beside(heading.__file__, "form_meta")
LABELS = "SurveyMonkey labels"


def test_every_role_is_one_of_an_export() -> None:
    assert {row["role"] for row in ROWS if row["tool"] != LABELS} <= {*ROLES}
    assert {row["role"] for row in ROWS if row["tool"] == LABELS} == {"whole", "other"}


def test_every_row_has_a_source() -> None:
    assert [row["header"] for row in ROWS if not row["source"]] == []


def test_no_header_has_two_roles() -> None:
    roles: dict[tuple[str, str], set[str]] = {}
    for row in ROWS:
        for header in row["header"].split("|"):
            roles.setdefault((row["tool"], fold(header)), set()).add(row["role"])
    assert {header: each for header, each in roles.items() if len(each) > 1} == {}


def test_every_word_for_the_timestamp_recognises_the_file_as_well() -> None:
    known = {fold(text) for mark in signatures()["Google Forms"] for text in mark.texts}
    stamps = {header for header, role in heading.meta_roles("Google Forms").items() if role == "submitted_at"}
    assert stamps == known
