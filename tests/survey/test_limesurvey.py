"""Headings of LimeSurvey's exports, and what their cells tell where headings leave a choice."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from ingest.survey.cells import tables_of
from ingest.survey.export import PERSONAL_ROLES, Export, SourceColumn
from ingest.survey.opening import open_export
from ingest.survey.tools import limesurvey, limesurvey_heading
from ingest.survey.tools.limesurvey_archive import read as read_archive
from ingest.survey.tools.limesurvey_heading import CODES, SCRIPT, columns_of, from_code, from_text, heading_style

META = "id;submitdate;lastpage;startlanguage"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey" / "limesurvey"


def export(tmp_path: Path, text: str) -> Export:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    return limesurvey.read(path, tables_of(path))


def parts(found: Export) -> dict[str, str]:
    return {each.header: each.part for each in found.columns if each.role == "answer"}


def told(column: SourceColumn) -> tuple[str, str, str, str, str]:
    return column.part, column.name, column.text, column.sub_name, column.sub_text


@pytest.mark.parametrize(
    ("code", "style", "expected"),
    [
        ("Q1", CODES, ("value", "Q1", "", "", "")),
        ("Q1[SQ001]", CODES, ("value", "Q1", "", "SQ001", "")),
        ("Q1[SQ001][2]", CODES, ("value", "Q1", "", "SQ001_1", "")),
        ("Q1[SQ001_A3]", CODES, ("value", "Q1", "", "SQ001_A3", "")),
        ("Q1[other]", CODES, ("other", "Q1", "", "", "")),
        ("Q1[SQ001comment]", CODES, ("comment", "Q1", "", "SQ001", "")),
        ("Q1[comment]", CODES, ("comment", "Q1", "", "", "")),
        ("Q1_SQ001_1", SCRIPT, ("value", "Q1", "", "SQ001_1", "")),
    ],
)
def test_codes(code: str, style: str, expected: tuple[str, ...]) -> None:
    assert told(from_code(SourceColumn(0, code), code, style)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which fields? [ICT [all]]", ("value", "", "Which fields?", "", "ICT [all]")),
        ("How good is [it] today?", ("value", "", "How good is [it] today?", "", "")),
        ("Now and then [Exports][Scale 2]", ("value", "", "Now and then", "", "Exports [Scale 2]")),
        ("Size [FTE] [Total]", ("value", "", "Size [FTE]", "", "Total")),
        ("分野は? [その他]", ("other", "", "分野は?", "", "その他")),
        ("Welche? [ICT][Kommentar]", ("comment", "", "Welche?", "", "ICT")),
        ("動機の順位 [ランク 3]", ("position", "", "動機の順位", "", "")),
        ("[only brackets]", ("value", "", "[only brackets]", "", "")),
        ("broken ]", ("value", "", "broken ]", "", "")),
    ],
)
def test_texts(text: str, expected: tuple[str, ...]) -> None:
    assert told(from_text(SourceColumn(0, text), text)) == expected


def test_examples() -> None:
    assert doctest.testmod(limesurvey_heading).failed == 0


def test_identities_in_an_export_are_personal() -> None:
    header = [
        "id",
        "submitdate",
        "startlanguage",
        "token",
        "ipaddr",
        "refurl",
        "email",
        "lastname",
        "attribute_12",
        "Q1",
    ]
    roles = {each.header: each.role for each in columns_of(header, heading_style(header))}
    assert {name for name, role in roles.items() if role in PERSONAL_ROLES} == {
        *("token", "ipaddr", "refurl", "email", "lastname", "attribute_12"),
    }


def test_timings_are_no_answers_but_a_question_called_time_is() -> None:
    header = ["id", "submitdate", "startlanguage", "leadTime", "Q1", "interviewtime", "groupTime7", "Q1Time"]
    roles = {each.header: each.role for each in columns_of(header, CODES)}
    assert (roles["leadTime"], roles["Q1Time"], roles["groupTime7"]) == ("answer", "other_meta", "other_meta")
    assert roles["interviewtime"] == "duration"


def test_cells_tell_ticks_rows_and_places_apart(tmp_path: Path) -> None:
    found = export(
        tmp_path,
        f"{META};M[a];M[b];A[a];A[b];R[1];R[2];F[1];F[2];E[a]\n"
        "1;2020-01-01 10:00:00;1;en;Y;;Y;N;x;y;2;2;\n"
        "2;2020-01-02 10:00:00;1;en;;;N;U;y;;1;2;\n",
    )
    assert parts(found) == {
        "M[a]": "tick", "M[b]": "tick", "A[a]": "value", "A[b]": "value", "R[1]": "position", "R[2]": "position",
        "F[1]": "value", "F[2]": "value", "E[a]": "value",
    }  # fmt: skip
    assert found.form == "codes, answers as codes"


def test_an_option_called_other_is_an_option(tmp_path: Path) -> None:
    head = "Response ID;Date submitted;Last page;Start language;Which? [ICT];Which? [Other]"
    ticked = export(tmp_path, f"{head}\n1;2020-01-01 10:00:00;1;en;Yes;No\n2;2020-01-01 10:00:00;1;en;No;N/A\n")
    written = export(tmp_path, f"{head}\n1;2020-01-01 10:00:00;1;en;Yes;\n2;2020-01-01 10:00:00;1;en;No;washi\n")
    assert parts(ticked)["Which? [Other]"] == "tick"
    assert parts(written)["Which? [Other]"] == "other"
    assert ticked.form == "full texts, full answers"


def test_only_the_mask_before_an_equal_sign_is_taken_off(tmp_path: Path) -> None:
    text = f"{META};Q1\n1;2020-01-01 10:00:00;1;en;'=1+1\n2;2020-01-01 10:00:00;1;en;'quoted'\n3;;1;en;=2\n"
    for encoded in (frozenset[int](), frozenset({4})):
        batches = list(export(tmp_path, text).batches(encoded))
        assert [cell for batch in batches for cell in batch["c5"].to_pylist()] == ["=1+1", "'quoted'", "=2"]


def test_an_export_without_responses(tmp_path: Path) -> None:
    assert list(export(tmp_path, f"{META};Q1\n").batches(frozenset())) == []


def test_archive_columns_of_newer_versions(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(FIXTURES / "survey.lsa") as made:
        texts = {name: made.read(name).decode() for name in made.namelist()}
    name = "survey_123456_responses.lsr"
    for old, new in {
        "_123456X1X101SQ001": "Q101_S501", "123456X1X101SQ001": "Q101_S501", "_123456X1X101other": "Q101_Cother",
        "123456X1X101other": "Q101_Cother", "_123456X2X106X1-0": "Q106_S505-0", "123456X2X106X1#0": "Q106_S505#0",
    }.items():  # fmt: skip
        texts[name] = texts[name].replace(old, new)
    with zipfile.ZipFile(tmp_path / "survey.lsa", "w") as made:
        for member, text in texts.items():
            made.writestr(member, text)
    columns = {each.header: each for each in read_archive(tmp_path / "survey.lsa", ()).columns}
    assert (*told(columns["Q101_S501"])[:2], columns["Q101_S501"].sub_name) == ("tick", "Q2", "SQ001")
    assert (columns["Q101_Cother"].part, columns["Q106_S505#0"].sub_name) == ("other", "X1_0")


def test_null_is_marked_in_answers_only() -> None:
    batches = list(open_export(FIXTURES / "survey.lsa").batches(frozenset()))
    rows = [row for batch in batches for row in batch.to_pylist()]
    # Submission of the second response; hidden fields, and an empty number, of the fourth and third.
    assert (rows[1]["c2"], rows[3]["c10"], rows[2]["c15"], rows[2]["c16"]) == ("", "\u2400", "", "")
