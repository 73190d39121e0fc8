"""Faults of EUSurvey's exports: sheets, workbooks, anonymous ids, languages, separators, spilled and shifted rows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.problem import Outcome, Problem, SourceError
from ingest.survey.cells import table_of_rows, tables_of
from ingest.survey.export import Export
from ingest.survey.tools import eusurvey, eusurvey_archive, eusurvey_xml
from ingest.tables.limits import Limits
from tests.faults.told import told
from tests.fixtures.survey.eusurvey.make_eusurvey import ANSWERS, FIELDS, JOINED, META, content, spilled
from tests.fixtures.survey.generator.container import Value, xlsx
from tests.survey.answers import answers_of

pytestmark = pytest.mark.fault
FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey" / "eusurvey"
IDENTITIES = ("token", "response_id", "email")


def export_of(name: str) -> Export:
    """What the reader finds in a fixture."""
    path = FIXTURES / name
    return eusurvey_xml.read(path, ()) if path.suffix == ".xml" else eusurvey.read(path, tables_of(path))


def texts(export: Export, header: str) -> list[str]:
    """The cells under a header."""
    place = next(column.place for column in export.columns if column.header == header)
    return [text for batch in export.batches(frozenset()) for text in batch.column(f"c{place + 1}").to_pylist()]


def n_rows(export: Export) -> int:
    """Rows that count as contributions."""
    return sum(batch.num_rows for batch in export.batches(frozenset()))


def refusal(rows: dict[str, Sequence[Sequence[str]]]) -> tuple[Problem, ...]:
    """Why sheets of text are refused."""
    tables = tuple(table_of_rows("export.xlsx", sheet, "csv", each) for sheet, each in rows.items())
    with pytest.raises(SourceError) as caught:
        eusurvey.read(Path("export.xlsx"), tables)
    return caught.value.problems


def codebook(folder: Path, fields: Sequence[str] = FIELDS) -> Path:
    """An XLSForm of the survey of the fixtures."""
    survey = [
        ["type", "name", "label::English (en)"], ["text", "org", JOINED[0]], ["select_multiple f", "fields", JOINED[1]],
        ["begin_group", "vis", "Visibility"], ["integer", "web", "website"], ["integer", "fairs", "fairs"],
        ["end_group", "", ""], ["integer", "founded", JOINED[4]], ["select_one yn", "cluster", JOINED[5]],
    ]  # fmt: skip
    choices = [["list_name", "name", "label::English (en)"], ["yn", "1", "Yes"], ["yn", "2", "No"]]
    choices += [["f", str(number), label] for number, label in enumerate(fields, start=1)]
    path = folder / "codebook.xlsx"
    path.write_bytes(xlsx({"survey": survey, "choices": choices}))
    return path


def test_s01_sheets_of_300_questions_are_joined_by_row() -> None:
    export = export_of("wide.xlsx")
    assert (len(export.columns), n_rows(export)) == (306, 3)
    # The second respondent left every question of the first sheet empty.
    assert texts(export, "Question 254") == ["a254-1", "", "a254-3"]
    assert texts(export, "Question 255") == ["a255-1", "a255-2", "a255-3"]
    assert [each.letters for each in export.columns[253:256]] == ["IT", "Content1!A", "Content1!B"]
    told(
        export.problems, "eusurvey_sheets_joined", Outcome.FIX,
        ["306 columns on the sheets Content, Content1", "joined by their position"],
        ["シートContent, Content1の306列", "行の位置で結合"],
    )  # fmt: skip


def test_s01_sheets_with_another_number_of_contributions_are_refused() -> None:
    marks = [["Alias", "Mihon"], ["Export Date", "2020-06-20"], []]
    first = [*marks, ["Q1"], ["a"], ["b"], ["c"]]
    second = [*marks, ["Contribution ID", "Languages"], ["1", "EN"], ["2", "EN"]]
    problems = refusal({"Content": first, "Content1": second})
    told(
        problems, "eusurvey_sheets_differ", Outcome.QUAR,
        ["Content: 3, Content1: 2", "the same contributions in the same rows"],
        ["Content: 3, Content1: 2", "同じ行に同じ回答"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sheets", "aliases"),
    [(("Content", "Content2"), ("Mihon", "Mihon")), (("Content", "Content1"), ("Mihon", "Sample"))],
)
def test_s01_a_missing_sheet_or_one_of_another_survey_is_refused(
    sheets: tuple[str, str], aliases: tuple[str, str]
) -> None:
    rows = {
        sheet: [["Alias", alias], ["Export Date", "2020"], [], ["Q"], ["a"]]
        for sheet, alias in zip(sheets, aliases, strict=True)
    }
    told(
        refusal(rows), "eusurvey_sheets_incomplete", Outcome.QUAR,
        [", ".join(sheets), "none missing, of one survey"], [", ".join(sheets), "シートがそろっていません"],
    )  # fmt: skip


def archive(path: Path, books: dict[str, bytes]) -> Path:
    """A zip as EUSurvey makes it, with a file that a respondent sent."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as stream:
        for name, data in books.items():
            stream.writestr(name, data)
        stream.writestr("c0ffee00/Upload_1/letter.pdf", b"%PDF-1.4")
    return path


def large(start: int, end: int, alias: str = "MihonSurvey") -> bytes:
    """A workbook of contributions with the numbers from start to end."""
    rows: list[list[Value]] = [["Alias", alias], ["Export Date", "20/06/2020 09:30"], [], ["Name", *META[1:2], META[5]]]
    rows += [[f"n{number}", f"id-{number}", "EN"] for number in range(start, end + 1)]
    return xlsx({"Content": rows})


def test_s02_20001_rows_in_two_workbooks_are_one_survey(tmp_path: Path) -> None:
    # The exporter begins a new workbook when its row index, four of which are the header's, reaches 20,000.
    books = {"export.xlsx": large(1, 19_996), "export_1.xlsx": large(19_997, 20_001)}
    path = archive(tmp_path / "export.zip", books)
    export = eusurvey.read(path, ())
    names = texts(export, "Name")
    assert (len(names), len(set(names)), names[0], names[-1]) == (20_001, 20_001, "n1", "n20001")
    assert {each.role for each in export.columns} == {"answer", "response_id", "language"}
    told(
        export.problems, "eusurvey_workbooks_joined", Outcome.FIX,
        ["20001 rows in 2 workbooks"], ["ブック2個の20001行"],
    )  # fmt: skip
    told(
        export.problems, "eusurvey_uploads_left", Outcome.FIX,
        ["1 files", "stay in the archive"], ["1個のファイル", "読み込みません"],
    )  # fmt: skip


def test_s02_workbooks_of_two_surveys_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "export.zip", {"a.xlsx": large(1, 2), "a_1.xlsx": large(3, 4, "SampleSurvey")})
    with pytest.raises(SourceError) as caught:
        eusurvey.read(path, ())
    told(
        caught.value.problems, "eusurvey_workbooks_differ", Outcome.QUAR,
        ["another alias or header than a.xlsx: a_1.xlsx"], ["調査名または見出しが異なるファイルはa_1.xlsx"],
    )  # fmt: skip


def test_s02_the_limits_of_archives_hold(tmp_path: Path) -> None:
    path = archive(tmp_path / "export.zip", {"a.xlsx": large(1, 300)})
    with (
        pytest.raises(SourceError) as caught,
        eusurvey_archive.unpacked(path, (".xlsx",), Limits(unpacked_bytes=1_000)),
    ):
        pass
    told(caught.value.problems, "unpacked_too_large", Outcome.QUAR, ["1000"], ["1000"])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as outside:
        outside.writestr("../a.xlsx", b"PK")
    path.write_bytes(stream.getvalue())
    with pytest.raises(SourceError) as caught:
        eusurvey.read(path, ())
    told(caught.value.problems, "archive_odd_name", Outcome.QUAR, ["../a.xlsx"], ["../a.xlsx"])


@pytest.mark.parametrize("name", ["anonymous.xlsx", "nasty_anonymous.xml"])
def test_s03_anonymous_is_no_id(name: str) -> None:
    export = export_of(name)
    assert n_rows(export) == 3
    for column in export.columns:
        cells = texts(export, column.header)
        assert "Anonymous" not in cells or column.role == "other_meta"
        assert column.role not in IDENTITIES or len(set(cells)) == 3
    told(
        export.problems, "eusurvey_anonymous", Outcome.FIX,
        ["'Anonymous' in all 3 cells", "none counts as the repetition"],
        ["3個のセルすべてが「Anonymous」", "重複とは扱いません"],
    )  # fmt: skip
    # Contributions that look alike stay three, whatever rule for repeated respondents is used.
    for by in ("response_id", "token", "email"):
        responses = answers_of(FIXTURES / name, rules={"duplicates_by": by, "keep": "first"}).responses
        assert [each["is_counted"] for each in responses] == [True, True, True]


def test_s03_a_contribution_that_stands_twice_gives_no_key() -> None:
    rows = [[str(cell) for cell in row] for row in content(JOINED, ANSWERS)]
    rows[6][7] = rows[5][7]
    export = eusurvey.read(Path("x.xlsx"), (table_of_rows("x.xlsx", "Content", "csv", rows),))
    assert "response_id" not in {each.role for each in export.columns}
    told(
        export.problems, "eusurvey_ids_repeat", Outcome.WARN,
        ["1 rows without an id of their own"], ["固有のIDがない行が1行"],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["french.xlsx", "german.xlsx", "minimal.ods"])
def test_s04_headers_of_the_exporters_language_are_known(name: str) -> None:
    export, english = export_of(name), export_of("minimal_joined.xlsx")
    assert [each.role for each in export.columns] == [each.role for each in english.columns]
    assert [each.role for each in export.columns[6:]] == [
        *("token", "response_id", "email", "submitted_at", "recorded_at", "language"),
    ]


def test_s04_technical_columns_under_unknown_headers_never_become_answers() -> None:
    with pytest.raises(SourceError) as caught:
        export_of("polish.xlsx")
    problem = told(
        caught.value.problems, "eusurvey_meta_unknown", Outcome.QUAR,
        ["columns L", "English, French or German"], ["列L", "英語・フランス語・ドイツ語"],
    )  # fmt: skip
    assert "example.org" not in str(problem)


def test_s05_labels_that_hold_the_separator_are_one_option(tmp_path: Path) -> None:
    wave = answers_of(FIXTURES / "minimal_joined.xlsx", codebook(tmp_path))
    assert wave.of(1, "fields") == {"1": "selected", "2": "selected", "3": "not_selected"}
    assert wave.of(2, "fields") == {"1": "not_selected", "2": "not_selected", "3": "selected"}
    assert "survey_answers_unreadable" not in {each.code for each in wave.problems}
    # Without the label in the code list its pieces are no options of their own.
    wave = answers_of(FIXTURES / "minimal_joined.xlsx", codebook(tmp_path, FIELDS[:2]))
    assert wave.of(2, "fields") == {"1": "unreadable", "2": "unreadable"}
    told(
        wave.problems, "survey_answers_unreadable", Outcome.WARN, ["'fields'", "Food"], ["fields", "Food"]
    )  # fmt: skip


def test_s06_no_in_every_option_may_be_an_answer_or_none(tmp_path: Path) -> None:
    wave = answers_of(FIXTURES / "minimal_split.xlsx", codebook(tmp_path))
    assert wave.of(1, "fields") == {"1": "selected", "2": "selected", "3": "not_selected"}
    assert set(wave.of(3, "fields").values()) == {"unknown_none_ticked"}
    # A question of its own with the answers Yes and No is no option.
    assert wave.values("cluster") == ["1", "2", "1"]
    assert "none_ticked" in wave.facts.limits
    told(
        wave.problems, "eusurvey_none_ticked", Outcome.FIX,
        ["1 times, over 1 questions", "counted apart"], ["1問で計1回", "別に数えます"],
    )  # fmt: skip


def test_s07_long_texts_are_joined_and_no_respondent_is_added() -> None:
    export = export_of("spilled.xlsx")
    expected = "".join(str(row[1 if place == 0 else 2]) for place, row in enumerate(spilled()[4:7]))
    assert len(expected) == 70_000
    assert texts(export, "Remarks") == [expected, "short"]
    assert texts(export, "A cluster?") == ["Yes", "No"]
    told(
        export.problems, "eusurvey_text_joined", Outcome.FIX,
        ["2 rows that are no contributions", "32,767"], ["回答ではない行が2行", "32,767"],
    )  # fmt: skip


def test_s07_a_long_text_on_the_first_of_two_sheets_does_not_move_the_second() -> None:
    export = export_of("spilled_wide.xlsx")
    assert n_rows(export) == 3
    assert texts(export, "Question 10") == ["y" * 32_772, "b10-2", "b10-3"]
    assert texts(export, "Question 255") == ["b255-1", "b255-2", "b255-3"]
    assert [each[-1] for each in texts(export, "Contribution ID")] == ["1", "2", "3"]


def test_s08_a_row_whose_cells_moved_is_left_out_and_told() -> None:
    export = export_of("shifted.xlsx")
    assert texts(export, "Organisation") == ["Mihon Cluster", "Kuuhaku Net"]
    problem = told(
        export.problems, "eusurvey_rows_shifted", Outcome.WARN,
        ["row 6", "1 rows: 6", "no respondents"], ["6行", "1行（6行目）", "回答者に含めません"],
    )  # fmt: skip
    # After a shift a name may stand under any header.
    assert "Sample" not in str(problem)
    assert "example.org" not in str(problem)


@pytest.mark.parametrize(("place", "text"), [(9, "EN"), (11, "2020-06-16"), (12, "beyond")])
def test_s08_a_technical_column_tells_the_shift_in_a_joined_export(place: int, text: str) -> None:
    rows = [["" if cell is None else str(cell) for cell in row] for row in content(JOINED, ANSWERS)]
    rows[5] = [*rows[5], ""]
    rows[5][place] = text
    export = eusurvey.read(Path("x.xlsx"), (table_of_rows("x.xlsx", "Content", "csv", rows),))
    assert texts(export, "Organisation") == ["Mihon Cluster", "Kuuhaku Net"]
    told(export.problems, "eusurvey_rows_shifted", Outcome.WARN, ["1 rows: 6"], ["1行（6行目）"])


@pytest.mark.parametrize(
    ("data", "code", "english", "japanese"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE Results [<!ENTITY a "b">]><Results create="2020"/>', "eusurvey_xml_declares",
         "declares a document type or entities", "宣言があります"),
        (b'<Results create="2020"><Survey uid="u"><Elements lang="EN">', "eusurvey_xml_unreadable", "cannot be read",
         "読み取れません"),
        (b"<Results>" + b"<a>" * 100_000, "eusurvey_xml_other", "no results of EUSurvey", "EUSurveyの結果では"),
        (b"<Poll/>", "eusurvey_xml_other", "no results of EUSurvey", "EUSurveyの結果では"),
    ],
)  # fmt: skip
def test_i22_xml_that_is_hostile_cut_or_of_another_tool_is_refused(
    tmp_path: Path, data: bytes, code: str, english: str, japanese: str
) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        eusurvey_xml.read(path, ())
    told(caught.value.problems, code, Outcome.QUAR, [english], [japanese])


def test_i22_a_workbook_of_another_tool_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        export_of("wrong.xlsx")
    told(
        caught.value.problems, "eusurvey_no_content", Outcome.QUAR,
        ["'Survey, Export Date' in the first rows", "'Alias' in A1"], ["「Survey, Export Date」", "A1に「Alias」"],
    )  # fmt: skip
