"""What the warehouse makes of landed survey waves: answers with states, bases, and series over waves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from expectations.border_out import E_MAIL, TELEPHONE
from ingest.survey.state import WIDE
from orchestration.published_frames import SUSPECT, suspects
from orchestration.release.changes import compare_releases
from orchestration.release.compose import compose_database, export_parquet
from orchestration.release.relations import TableText
from orchestration.release.survey_tables import survey_lineage
from tests.unit.dbt_runs import hand_over, settings_in
from tests.unit.landed_wave import ANSWERS, COLUMNS, ROOT, Wave, build_survey_models, outcomes_of

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def warehouse(survey_warehouse: Path) -> Path:
    """The work file after made-up waves; the tests look at that of 2020."""
    return survey_warehouse


def ask(database: Path, sql: str) -> Rows:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def answers(database: Path, question: str) -> Rows:
    return ask(
        database,
        "select response_no, option_code, state, coalesce(value_text, value_number::text, value_date::text), raw_cell "
        f"from marts.fct_survey_answer where question_code = '{question}' and wave = '2020' "
        "order by response_no, option_code",
    )


def test_a_single_choice_is_one_row_with_the_option_that_was_chosen(warehouse: Path) -> None:
    assert answers(warehouse, "active") == [
        (1, "yes", "selected", None, None), (2, "no", "selected", None, None),
        (3, "dk", "dont_know", None, None), (4, "yes", "selected", None, None),
    ]  # fmt: skip


def test_a_multiple_choice_is_one_row_for_each_option(warehouse: Path) -> None:
    found = {(no, option): state for no, option, state, _, _ in answers(warehouse, "field")}
    assert found == {
        (1, "life"): "selected", (1, "ict"): "not_selected",
        (2, "life"): "not_shown", (2, "ict"): "not_shown",
        (3, "life"): "unknown_none_ticked", (3, "ict"): "unknown_none_ticked",
        (4, "life"): "selected", (4, "ict"): "not_selected",
    }  # fmt: skip


def test_a_ranking_has_its_rank_and_what_was_not_ranked(warehouse: Path) -> None:
    found = {(no, option): (state, value) for no, option, state, value, _ in answers(warehouse, "goal")}
    assert (found[1, "life"], found[1, "ict"]) == (("selected", "2.0"), ("selected", "1.0"))
    assert found[4, "ict"] == ("not_selected", None)
    assert found[3, "life"] == ("not_answered", None)


def test_numbers_texts_and_days_have_their_states_and_cells(warehouse: Path) -> None:
    assert answers(warehouse, "members") == [
        (1, None, "answered", "12.0", "12"), (2, None, "not_answered", None, ""),
        (3, None, "unreadable", None, "about ten"), (4, None, "answered", "5.0", "5"),
    ]  # fmt: skip
    assert answers(warehouse, "wish")[0][3] == "more, please; 和紙"
    assert answers(warehouse, "wish")[2][2:4] == ("redacted", None)
    assert answers(warehouse, "since")[0][3] == "2013-04-01"
    assert ask(warehouse, "select distinct is_synthetic from marts.fct_survey_answer") == [(True,)]


def test_a_repeated_group_has_rows_of_its_own(warehouse: Path) -> None:
    rows = ask(
        warehouse,
        "select response_id, repeat_no, option_code, state from marts.fct_survey_answer "
        "where question_code = 'trip' and wave = '2020' order by response_no, repeat_no",
    )
    assert rows == [("R1", 1, "no", "selected"), ("R1", 2, None, "unreadable"), ("R3", 1, "yes", "selected")]


def codebook(database: Path, question: str) -> dict[tuple[Any, ...], Rows]:
    rows = ask(
        database,
        "select option_code, state, n, base_n, share, weighted_n, weighted_share from reports.rpt_survey_codebook "
        f"where question_code = '{question}' and wave = '2020'",
    )
    return {(option, state): rest for option, state, *rest in rows}


def test_only_counted_responses_that_answered_are_a_base(warehouse: Path) -> None:
    """Response 4 is a duplicate. Weights of the others: 2, 0.5 and 1."""
    active = codebook(warehouse, "active")
    assert active["yes", "selected"] == [1, 3, 1 / 3, 2.0, 2 / 3.5]
    assert active["dk", "dont_know"] == [1, 3, 1 / 3, 1.0, 1 / 3.5]
    field = codebook(warehouse, "field")
    assert field["life", "selected"] == [1, 1, 1.0, 2.0, 1.0]
    assert field["life", "not_shown"] == [1, 1, None, 0.5, None]
    assert field["ict", "selected"] == [0, 1, 0.0, 0.0, 0.0]
    assert codebook(warehouse, "members")[None, "unreadable"] == [1, 1, None, 1.0, None]
    assert codebook(warehouse, "trip")["dk", "dont_know"][:2] == [0, 2]


def test_the_base_note_says_what_the_file_cannot_tell_apart_where_it_matters(warehouse: Path) -> None:
    notes = dict(ask(warehouse, "select distinct question_code, base_note_ja from reports.rpt_survey_codebook"))
    assert notes["field"].endswith("未選択と非表示を区別できません。")
    assert "未選択" not in notes["active"]


def test_nothing_ticked_is_no_riddle_where_none_of_these_is_an_option(warehouse: Path) -> None:
    notes = ask(
        warehouse,
        "select distinct wave, base_note_en like '%None ticked%' from reports.rpt_survey_codebook "
        "where question_code = 'field' order by all",
    )
    assert notes == [("2020", True), ("2021", False), ("2023", False)]


def test_a_wave_that_says_nothing_or_something_twice_stops_the_build(warehouse: Path, tmp_path: Path) -> None:
    """No answer without a state, none beyond the code list, none twice; and the weight of a duplicate is not read."""
    hand_over(warehouse.parents[1], tmp_path)
    database = settings_in(tmp_path).database
    answers = ANSWERS | {
        "active": [1, 2, 4, 1], "field__life": [1, -2, None, 1], "goal__ict": [1, -2, None, 0],
        "members__state": [0, -1, -9, 0], "design__weights": [2.0, 0.5, 1.0, float("inf")],
    }  # fmt: skip
    twice = {**COLUMNS[1], "wide_column": "field__ict"}
    with pytest.raises(AssertionError) as stopped:
        build_survey_models(tmp_path, [Wave(answers=answers, columns=[*COLUMNS[:2], twice, *COLUMNS[3:]])])
    failed = {name for name, status in outcomes_of(database).items() if status == "fail"}
    assert failed == {
        "not_null_int_survey_tally_state",
        "unique_combination_dim_survey_column_edition_id__question_code__option_code",
    }, stopped.value
    wrong = ask(
        database,
        "select wide_column, code, n_responses from intermediate.int_survey_tally where state is null order by all",
    )
    assert wrong == [
        ("active", 4, 1), ("field__life", None, 1), ("goal__ict", None, 1), ("members", -9, 1)
    ]  # fmt: skip
    weighted = "select sum(weighted_n) from intermediate.int_survey_tally where wide_column = 'wish'"
    assert ask(database, weighted) == [(3.5,)]


def test_every_data_test_on_the_wave_holds(warehouse: Path) -> None:
    found = outcomes_of(warehouse)
    assert len(found) > 20
    assert {name for name, status in found.items() if status != "pass"} == {"survey_trend_is_unbroken"}


def test_without_a_wave_there_are_tables_and_no_rows(warehouse: Path, tmp_path: Path) -> None:
    none = warehouse.with_name("none.duckdb")
    for table in ("marts.fct_survey_answer", "reports.rpt_survey_codebook", "marts.dim_survey_wave"):
        assert ask(none, f"select count(*) from {table}") == [(0,)]
    names = compose_database(tmp_path / "x.duckdb", none, {}, texts_of(none))
    assert "marts.dim_survey_wave" in names
    assert not [name for name in names if name.startswith("survey.")]
    assert ask(tmp_path / "x.duckdb", "select count(*) from marts.fct_survey_answer") == [(0,)]


def texts_of(warehouse: Path) -> dict[str, TableText]:
    columns: dict[str, dict[str, str]] = {}
    query = (
        "select schema_name || '.' || table_name, column_name from duckdb_columns() where schema_name in "
        "('marts', 'reports')"
    )
    for table, column in ask(warehouse, query):
        columns.setdefault(table, {})[column] = "a text"
    return {table: TableText("a text", each) for table, each in columns.items()}


@pytest.fixture(scope="module")
def release(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the made-up wave: its database, with the Parquet files beside it."""
    database = tmp_path_factory.mktemp("release") / "observatory.duckdb"
    names = compose_database(database, warehouse, {}, texts_of(warehouse))
    export_parquet(database, database.parent / "parquet", names)
    return database


def test_a_release_has_the_wide_tables_with_texts_and_answers_without_the_warehouse(
    warehouse: Path, release: Path
) -> None:
    moved = warehouse.rename(warehouse.with_suffix(".away"))
    try:
        assert ask(release, "select count(*) from marts.fct_survey_answer") == [(70,)]
    finally:
        moved.rename(warehouse)
    comments = dict(ask(release, "select column_name, comment from duckdb_columns() where table_name = 'mihon_2020'"))
    assert comments["field__ict"] == "Which fields?: ICT, software / 分野：情報通信"
    assert comments["members__raw"] == "The cell behind members, exactly as printed."
    assert all(comments.values())
    assert ask(release, "select response_no, is_counted, active from survey.mihon_2020") == [
        (1, True, 1), (2, True, 2), (3, True, 3), (4, False, 1)
    ]  # fmt: skip
    files = {path.relative_to(release.parent).as_posix() for path in release.parent.rglob("*.parquet")}
    assert {"parquet/survey/mihon_2020.parquet", "parquet/survey/mihon_2020_visit.parquet"} <= files
    assert not [name for name in files if "fct_survey_answer" in name]


def test_files_of_a_wave_that_do_not_fit_together_are_not_published(warehouse: Path, tmp_path: Path) -> None:
    path = warehouse.parent / "raw/survey_wide/mihon-2020-response/aa.parquet"
    kept = path.read_bytes()
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(path)).order("response_no desc").to_arrow_table()
    try:
        pq.write_table(rows, path)
        with pytest.raises(duckdb.Error, match="do not fit together"):
            compose_database(tmp_path / "x.duckdb", warehouse, {}, texts_of(warehouse))
    finally:
        path.write_bytes(kept)


def test_changes_of_a_wide_table_are_counted_by_response(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.release.changes.MANY_ROWS", 1)
    later = tmp_path / "later.duckdb"
    later.write_bytes(release.read_bytes())
    with duckdb.connect(str(later)) as connection:
        connection.execute("update survey.mihon_2020 set active = 2 where response_id = 'R1'")
        connection.execute("delete from survey.mihon_2020 where response_id = 'R4'")
    found = {each.table: each for each in compare_releases(release, later, {})}
    wide = found["survey.mihon_2020"]
    assert (wide.rows_before, wide.rows_after, wide.added, wide.removed, wide.changed) == (4, 3, 0, 1, 1)
    assert found["survey.mihon_2020_visit"].changed == 0
    assert "marts.fct_survey_answer" not in found


def test_answers_are_traced_to_the_columns_of_the_export(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = {tuple(row.values()) for row in survey_lineage(connection)}
    answer = "model.observatory.fct_survey_answer"
    assert (answer, "option_code", "survey.mihon_2020", "active") in found
    assert (answer, "value_number", "survey.mihon_2020", "members") in found
    assert (answer, "raw_cell", "survey.mihon_2020", "members__raw") in found
    assert ("survey.mihon_2020", "members__state", "mihon-2020-response", "How many?") in found
    assert (answer, "value_text", "survey.mihon_2020", "active") not in found


def test_the_warehouse_numbers_the_states_as_the_landing_does() -> None:
    macro = (ROOT / "dbt_project/macros/survey_names.sql").read_text(encoding="utf-8")
    listed = re.findall(r"'(\w+)'", macro.partition("return([")[2].partition("])")[0])
    assert {state: -number for number, state in enumerate(listed, 1)} == WIDE


@pytest.mark.parametrize(
    "text",
    [
        "write to sample" + "@" + "example.org please", "+8" + "1 (0)78 1234 5678", "078" + "-123-4567",
        "(0" + "3) 1234 5678", "tel" + ".: 12 34 56 78", "電" + "話：０３１２３４５６", "FA" + "X (12) 345 678",
        "call 0" + "6-1234-5678 or write",
    ],
)  # fmt: skip
def test_what_the_border_finds_is_suspect(text: str) -> None:
    """The search of a long table must not pass over what the patterns of the border would find in it."""
    assert re.search(f"{E_MAIL}|{TELEPHONE}", text)
    assert duckdb.execute("select regexp_matches(?, ?)", [text, SUSPECT]).fetchall() == [(True,)]


def test_of_a_long_table_only_what_may_be_personal_is_fetched(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        address = "a" + "@" + "example.org"
        connection.execute("create schema survey")
        connection.execute(
            "create table survey.w (code smallint, phone smallint, note text, empty text, is_synthetic bool)"
        )
        connection.execute(
            "insert into survey.w values (1, 1, 'call me', null, true), (2, 0, ?, null, true)", [address]
        )
        frame = suspects(connection, "survey.w")
        assert list(frame.columns) == ["note", "is_synthetic"]
        assert frame["note"].dropna().tolist() == [address]
        assert not frame["is_synthetic"].isna().any()
        connection.execute("update survey.w set is_synthetic = null where code = 1")
        assert suspects(connection, "survey.w")["is_synthetic"].isna().all()
