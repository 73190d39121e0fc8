"""Answers that no release may hold: absent from it, kept for the owner, found, compared and removed with it."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.person_traces import look_into_releases, waves_of
from orchestration.release.compose import compose_database, connect, export_parquet
from orchestration.release.microdata import (
    differing_files,
    microdata_folder,
    remove_orphans,
    verify_microdata,
    write_microdata,
)
from orchestration.release.publish import DATABASE_FILE, Contents, NotRepeatable, publish
from orchestration.release.relations import TableText
from orchestration.settings import Settings

WITHHELD = "mihon_2023"


@pytest.fixture(scope="module")
def home(survey_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release of three waves, the last of which is withheld."""
    folder = tmp_path_factory.mktemp("home")
    release = folder / "releases" / "r000000000001"
    release.mkdir(parents=True)
    names = compose_database(release / DATABASE_FILE, survey_warehouse, {}, texts_of(survey_warehouse))
    export_parquet(release / DATABASE_FILE, release / "parquet", names)
    with connect(survey_warehouse, read_only=True) as connection:
        assert write_microdata(connection, microdata_folder(release))
    return folder


def texts_of(warehouse: Path) -> Mapping[str, TableText]:
    columns: dict[str, dict[str, str]] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for schema, table, column in connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where schema_name in "
            "('marts', 'reports')"
        ).fetchall():
            columns.setdefault(f"{schema}.{table}", {})[column] = "a text"
    return {table: TableText("a text", each) for table, each in columns.items()}


def ask(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def release_of(home: Path) -> Path:
    return home / "releases" / "r000000000001"


def test_no_answer_of_a_withheld_wave_is_in_the_release(home: Path) -> None:
    database = release_of(home) / DATABASE_FILE
    assert ask(database, "select wave, microdata from marts.dim_survey_wave order by wave") == [
        ("2020", "published"), ("2021", "published"), ("2023", "withheld")
    ]  # fmt: skip
    for table in ("fct_survey_answer", "fct_survey_response"):
        assert ask(database, f"select distinct wave from marts.{table} order by all") == [("2020",), ("2021",)]
    tables = {name for (name,) in ask(database, "select table_name from duckdb_tables() where schema_name = 'survey'")}
    assert tables == {"mihon_2020", "mihon_2020_visit", "mihon_2021", "mihon_2021_visit"}
    files = [path.name for path in release_of(home).rglob("*.parquet")]
    assert not [name for name in files if WITHHELD in name]
    # What was asked, and how often, is published.
    asked = "select count(distinct question_code) from reports.rpt_survey_codebook where wave = '2023'"
    assert ask(database, asked) == [(7,)]


def test_the_owner_keeps_all_of_it_and_nobody_else_can_read_it(home: Path) -> None:
    folder = microdata_folder(release_of(home))
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert sorted(found) == [
        "SHA256SUMS", "marts/fct_survey_response.parquet",
        f"survey/{WITHHELD}.parquet", f"survey/{WITHHELD}_visit.parquet",
    ]  # fmt: skip
    assert {stat.S_IMODE(path.stat().st_mode) for path in found.values()} == {0o600}
    folders = [folder.parent, folder, folder / "survey", folder / "marts"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    with duckdb.connect() as connection:
        wide = connection.read_parquet(str(found[f"survey/{WITHHELD}.parquet"]))
        assert wide.select("response_id, is_counted, active, design__weights").fetchall() == [
            ("R1", True, 1, 2.0), ("R2", True, 2, 0.5), ("R3", True, 3, 1.0), ("R4", False, 1, 3.0)
        ]  # fmt: skip
        responses = connection.read_parquet(str(found["marts/fct_survey_response.parquet"]))
        assert responses.select("edition_id, response_id").fetchall() == [
            ("mihon/2023", f"R{number}") for number in (1, 2, 3, 4)
        ]
        same = "select column_name from (describe from {})"
        assert [row[0] for row in connection.execute(same.format("responses")).fetchall()] == [
            row[0] for row in ask(release_of(home) / DATABASE_FILE, same.format("marts.fct_survey_response"))
        ]


def test_the_same_warehouse_gives_the_same_bytes_and_a_change_is_seen(
    home: Path, survey_warehouse: Path, tmp_path: Path
) -> None:
    again = tmp_path / "restricted" / "microdata" / "again"
    with connect(survey_warehouse, read_only=True) as connection:
        write_microdata(connection, again)
    kept = microdata_folder(release_of(home))
    assert differing_files(kept, again) == []
    verified = verify_microdata(release_of(home))
    assert verified is not None
    assert (verified.is_whole, verified.checked) == (True, 3)
    (again / "survey" / f"{WITHHELD}.parquet").write_bytes(b"altered")
    (again / "marts" / "fct_survey_response.parquet").unlink()
    assert differing_files(kept, again) == ["marts/fct_survey_response.parquet", f"survey/{WITHHELD}.parquet"]


def test_a_person_is_found_where_answers_are_withheld(home: Path) -> None:
    found = look_into_releases([release_of(home)], (), "R2").responses
    assert [(each.wave.wave, each.row_number) for each in found] == [("2020", 3), ("2021", 3), ("2023", 3)]
    settings = Settings(home=home, inbox=home / "inbox", extra_sources=())
    assert {each.wave for each in waves_of(settings, [release_of(home)]) if each.survey == "mihon"} == {
        "2020", "2021", "2023"
    }  # fmt: skip


def test_withheld_answers_go_with_their_release(home: Path, tmp_path: Path) -> None:
    (tmp_path / "releases" / "r000000000002").mkdir(parents=True)
    for name in ("r000000000002", "r000000000003"):
        folder = microdata_folder(tmp_path / "releases" / name)
        (folder / "survey").mkdir(parents=True)
        (folder / "survey" / "x.parquet").write_bytes(b"x")
    assert remove_orphans(tmp_path / "releases") == ["r000000000003"]
    assert (microdata_folder(tmp_path / "releases" / "r000000000002") / "survey" / "x.parquet").is_file()


def test_a_release_is_published_with_its_withheld_answers_or_not_at_all(
    home: Path, survey_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.release.publish.write_data_package", lambda *_: None)
    settings = Settings(home=tmp_path, inbox=tmp_path / "inbox", extra_sources=())
    stopped = Contents("r00000000000a", survey_warehouse, {}, texts_of(survey_warehouse), {}, _fail)
    with pytest.raises(RuntimeError, match="no page"):
        publish(settings, stopped)
    kept = tmp_path / "restricted" / "microdata"
    assert [*kept.iterdir(), *settings.releases.iterdir()] == []
    whole = Contents("r00000000000a", survey_warehouse, {}, texts_of(survey_warehouse), {}, lambda *_: None)
    folder = publish(settings, whole)
    assert [path.name for path in kept.iterdir()] == [folder.name]
    publish(settings, whole)
    (microdata_folder(folder) / "survey" / f"{WITHHELD}.parquet").write_bytes(b"altered")
    with pytest.raises(NotRepeatable, match=WITHHELD):
        publish(settings, whole)


def _fail(_database: Path, _folder: Path) -> None:
    raise RuntimeError("no page")
