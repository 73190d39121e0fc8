"""Tables and Parquet files that no survey tool wrote, read by a codebook, and codebooks guessed without one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.survey.cells import table_of_rows
from ingest.survey.export import Convention, Export, SourceColumn
from ingest.survey.inference import infer_codebook
from ingest.survey.tools import plain
from ingest.survey.tools.header_role import role_of
from tests.faults.told import told
from tests.survey.answers import answers_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "survey" / "codebook"
FORM = FIXTURES / "small.xlsx"


def test_headers_are_names_labels_or_join_question_and_option() -> None:
    wave = answers_of(FIXTURES / "ticks.csv", FORM, tool="plain table")
    assert [row["row_number"] for row in wave.responses] == [3, 4, 5, 6]
    assert wave.of(1, "fields") == {
        "life": "selected", "ict": "not_selected", "none": "not_selected", "other": "not_selected",
    }  # fmt: skip
    # There is an option "none of these", so nothing ticked is no answer.
    assert set(wave.of(2, "fields").values()) == {"not_answered"}
    assert wave.of(4, "fields")["other"] == "selected"
    assert wave.values("fields_other")[3] == "silk"
    assert wave.values("founded")[3] == datetime.date(2001, 2, 3)
    assert wave.of(2, "rate_web") == {"8": "dont_know"}


def test_lists_dates_and_missing_codes_of_a_plain_table() -> None:
    wave = answers_of(FIXTURES / "mixed.csv", FORM, tool="plain table")
    assert wave.of(1, "fields")["life"] == "selected"
    assert [wave.of(number, "staff")[None] for number in (1, 2, 4, 5)] == [
        "answered", "dont_know", "refused", "unreadable",
    ]  # fmt: skip
    assert wave.values("founded")[:2] == [datetime.date(2001, 2, 3)] * 2
    assert [row["response_id"] for row in wave.responses] == ["r1", "r2", "r3", "r4", "r5", "r6"]


def test_a_table_without_a_column_of_the_codebook_is_refused() -> None:
    with pytest.raises(SourceError) as refused:
        answers_of(FIXTURES / "wrong.csv", FORM, tool="plain table")
    told(refused.value.problems, "plain_header_unknown", Outcome.QUAR, ["Product, Price"], ["Product, Price"])


def test_typed_columns_of_parquet_are_read_by_code_and_label() -> None:
    wave = answers_of(FIXTURES / "typed.parquet", FORM)
    assert wave.values("consent") == ["1", "2", None]
    assert wave.values("rate_web") == ["2", "1", None]
    assert wave.of(1, "fields") == {"life": "selected", "ict": "not_selected", "none": "not_selected"}
    assert wave.values("staff")[0] == 12
    assert wave.of(2, "staff") == {None: "dont_know"}
    # 11356 days after 1 January 1970: 31 years of which 8 are leap years, and 33 days.
    assert wave.values("founded") == [datetime.date(2001, 2, 3), None, datetime.date(1970, 1, 1)]
    assert [row["response_id"] for row in wave.responses] == ["p1", "p2", "p3"]


def test_columns_of_parquet_with_another_type_than_their_question_are_refused() -> None:
    with pytest.raises(SourceError) as refused:
        answers_of(FIXTURES / "mistyped.parquet", FORM)
    problems = refused.value.problems
    assert [each.code for each in problems] == ["parquet_type_other"] * 2
    told(problems, "parquet_type_other", Outcome.QUAR, ["'staff' of type date32[day]"], ["「staff」の型は date32[day]"])


@pytest.mark.parametrize("name", ["nested.parquet", "cut.parquet"])
def test_parquet_that_holds_no_answers_is_refused(tmp_path: Path, name: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / name
    pq.write_table(pa.table({"consent": pa.array([{"a": 1}])}), path)
    if name == "cut.parquet":
        path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(SourceError) as refused:
        answers_of(path, FORM)
    code = "parquet_type_unfit" if name == "nested.parquet" else "statistical_file_unreadable"
    assert [each.code for each in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("回答ID", "response_id"), ("Start_Time", "started_at"), ("E-mail", "email"), ("氏名", "name"),
        ("IP Address", "ip"), ("Where did you meet the contact person of your partner?", "answer"), ("age", "answer"),
    ],
)  # fmt: skip
def test_roles_by_header(header: str, role: str) -> None:
    assert role_of(header) == role


def export_of(columns: tuple[SourceColumn, ...], rows: Sequence[tuple[str, ...]]) -> Export:
    table = table_of_rows("made.csv", "", "csv", [tuple(each.header for each in columns), *rows])
    return Export("made", "", columns, table.after(1), Convention(not_shown=("N/A",)))


def test_a_codebook_guessed_from_columns_and_first_rows() -> None:
    columns = (
        SourceColumn(0, "ID", role="response_id"),
        SourceColumn(1, "性別", text="性別"),
        SourceColumn(2, "分野", text="分野"),
        SourceColumn(3, "感想", text="感想"),
        SourceColumn(4, "Life", part="tick", text="興味", sub_text="生命; 健康"),
        SourceColumn(5, "ICT", part="tick", text="興味", sub_text="情報"),
        SourceColumn(6, "sonota", part="other", text="興味", sub_text="具体的に"),
        SourceColumn(7, "web", text="評価", sub_text="ウェブ"),
        SourceColumn(8, "founded", text="設立"),
        SourceColumn(9, "share", text="割合"),
        SourceColumn(10, "n", name="q11", text="人数"),
    )
    rows = [
        (
            str(number), "女性" if number % 3 else "男性", ("紙; 布", "布", "木; 紙")[number % 3], f"感想 {number}",
            "1", "", "", ("良い", "悪い", "N/A")[number % 3], f"2001-02-{number + 1:02}", f"{number}.5", str(number),
        )
        for number in range(12)
    ]  # fmt: skip
    codebook = infer_codebook(export_of(columns, rows))
    assert (codebook.origin, codebook.languages) == ("inferred", ("ja",))
    assert [(each.code, each.kind) for each in codebook.questions] == [
        ("q2", "select_one"), ("q3", "select_multiple"), ("q4", "text"), ("q5", "select_multiple"),
        ("q5_other", "text"), ("q8", "select_one"), ("q9", "date"), ("q10", "decimal"), ("q11", "integer"),
    ]  # fmt: skip
    labels = {each.code: [option.labels["ja"] for option in each.options] for each in codebook.questions}
    assert labels["q2"] == ["男性", "女性"]
    assert labels["q3"] == ["紙", "布", "木"]
    assert labels["q5"] == ["生命; 健康", "情報", "その他"]
    assert labels["q8"] == ["良い", "悪い"]
    assert codebook.by_code["q5_other"].other_of == "q5"
    assert codebook.by_code["q8"].parent_labels == {"ja": "評価"}


def test_without_a_codebook_ticks_show_by_their_headers_and_cells() -> None:
    header = ("id", "f/a", "f/b", "g/x", "g/y")
    table = table_of_rows("made.csv", "", "csv", [header, ("1", "1", "0", "3", "1"), ("2", "0", "0", "4", "1")])
    export = plain.read(Path("made.csv"), (table,))
    assert [(each.part, each.name, each.sub_name) for each in export.columns[1:]] == [
        ("tick", "f", "a"), ("tick", "f", "b"), ("value", "g/x", ""), ("value", "g/y", ""),
    ]  # fmt: skip
    assert export.convention.is_unticked_written


def test_the_text_beside_other_is_known_by_the_name_of_its_question() -> None:
    columns = tuple(SourceColumn(place, name, name=name, text=name) for place, name in enumerate(("f", "f_other")))
    rows = [("Other (please specify)", "silk"), ("紙", ""), ("紙", ""), ("Other (please specify)", "silk")]
    first, second = infer_codebook(export_of(columns, rows)).questions
    assert [each.is_other for each in first.options] == [True, False]
    assert (second.kind, second.options, second.other_of) == ("text", (), "f")


def test_a_table_without_a_codebook_is_read_by_the_one_it_shows() -> None:
    wave = answers_of(FIXTURES / "mixed.csv", tool="plain table")
    told(wave.problems, "survey_codebook_inferred", Outcome.WARN, ["mixed.csv"], ["mixed.csv"])
    assert wave.facts.codebook["origin"] == "inferred"
    assert [row["response_id"] for row in wave.responses] == ["r1", "r2", "r3", "r4", "r5", "r6"]
    # Six texts that hardly come again are no list of options.
    assert wave.values("Do you take part?") == ["Yes", "はい", "No; not now", "いいえ", "Refused", "1"]
    assert "Eメール" not in {each["code"] for each in wave.facts.codebook["questions"]}
