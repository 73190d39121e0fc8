"""A release is whole or absent, unchanged once published, repeatable, and says what changed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.build_lock import BuildRunning, build_lock
from orchestration.release.changes import compare_releases
from orchestration.release.checksums import verify_release
from orchestration.release.compose import compose_database
from orchestration.release.publish import Contents, NotRepeatable, publish, remove_staging, switch_latest
from orchestration.release.relations import TableText
from orchestration.settings import Settings

TEXTS = {
    "marts.dim_source": TableText("One row per source.", {"title": "t", "publisher_name": "p", "page_address": "a"}),
    "marts.thing": TableText("One row per thing's state.", {"thing_id": "The 'id'.", "state": "State."}, ("thing_id",)),
    "stats.share": TableText("One row per share.", {"estimate_id": "Id.", "value": "Value."}, ("estimate_id",)),
}


def settings_in(home: Path) -> Settings:
    return Settings(home=home, inbox=home / "inbox", extra_sources=())


def contents(folder: Path, release_id: str, things: list[tuple[int, str]]) -> Contents:
    """A small warehouse and one statistics table, ready to be published."""
    folder.mkdir(parents=True, exist_ok=True)
    warehouse = folder / "warehouse.duckdb"
    warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts; create schema reports; create schema staging")
        connection.execute("create table staging.secret as select 1 as x")
        connection.execute(
            "create table marts.dim_source as select 't' as title, 'p' as publisher_name, 'a' as page_address"
        )
        connection.execute("create table marts.thing (thing_id integer, state varchar)")
        if things:
            connection.executemany("insert into marts.thing values (?, ?)", things)
    stats = folder / "stats"
    stats.mkdir(exist_ok=True)
    pq.write_table(pa.table({"estimate_id": ["a"], "value": [0.5]}), stats / "share.parquet")

    def write_pages(database: Path, out: Path) -> None:
        assert not database.with_suffix(".duckdb.wal").exists()
        (out / "report").mkdir()
        (out / "report" / "index.html").write_text(f"<p>{release_id}</p>")

    return Contents(release_id, warehouse, {"stats": stats}, TEXTS, {"release_id": release_id}, write_pages)


def test_a_release_holds_what_it_promises(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = publish(settings, contents(tmp_path / "w", "r1", [(2, "b"), (1, "a")]))
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {
        "observatory.duckdb",
        "release.json",
        "CHANGES.md",
        "datapackage.json",
        "SHA256SUMS",
        "report/index.html",
        "parquet/marts/dim_source.parquet",
        "parquet/marts/thing.parquet",
        "parquet/stats/share.parquet",
    }
    assert settings.latest.resolve() == folder
    with duckdb.connect(str(folder / "observatory.duckdb"), read_only=True) as connection:
        assert connection.execute("from marts.thing").fetchall() == [(1, "a"), (2, "b")]
        comments = connection.execute("select comment from duckdb_columns() where table_name = 'thing'").fetchall()
        assert comments == [("The 'id'.",), ("State.",)]
        schemas = connection.execute("select distinct schema_name from duckdb_tables() order by 1").fetchall()
        assert schemas == [("marts",), ("stats",)]
    package = json.loads((folder / "datapackage.json").read_text())
    assert package["version"] == "r1"
    assert [resource["name"] for resource in package["resources"]] == ["marts.dim_source", "marts.thing", "stats.share"]
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder).returncode == 0


def test_an_undescribed_column_cannot_be_published(tmp_path: Path) -> None:
    what = contents(tmp_path / "w", "r1", [])
    texts = {**TEXTS, "marts.thing": TableText("x", {"thing_id": "x"})}
    with pytest.raises(KeyError, match=r"marts\.thing are not its real ones: state"):
        compose_database(tmp_path / "x.duckdb", what.warehouse, {}, texts)


def test_same_content_gives_the_same_bytes_and_other_bytes_are_refused(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = publish(settings, contents(tmp_path / "w1", "r1", [(1, "a"), (2, "b")]))
    before = (folder / "SHA256SUMS").read_bytes()
    assert publish(settings, contents(tmp_path / "w2", "r1", [(2, "b"), (1, "a")])) == folder
    with pytest.raises(NotRepeatable, match=r"parquet/marts/thing\.parquet"):
        publish(settings, contents(tmp_path / "w3", "r1", [(1, "other")]))
    assert (folder / "SHA256SUMS").read_bytes() == before
    assert verify_release(folder).is_whole
    assert list(settings.releases.iterdir()) == [folder]


def test_changes_are_counted_by_key(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    old = publish(settings, contents(tmp_path / "w1", "r1", [(1, "a"), (2, "b"), (3, "c")]))
    new = publish(settings, contents(tmp_path / "w2", "r2", [(1, "a"), (2, "B"), (4, "d"), (5, "e")]))
    found = {
        each.table: each for each in compare_releases(old / "observatory.duckdb", new / "observatory.duckdb", TEXTS)
    }
    thing = found["marts.thing"]
    assert (thing.rows_before, thing.rows_after, thing.added, thing.removed, thing.changed) == (3, 4, 2, 1, 1)
    assert (found["stats.share"].added, found["stats.share"].changed) == (0, 0)
    page = (new / "CHANGES.md").read_text()
    assert "Compared with release r1: 1 of 3 tables changed." in page
    assert "| marts.thing | 3 | 4 | 2 | 1 | 1 |" in page
    assert "The first release" in (old / "CHANGES.md").read_text()


def flip_a_byte(folder: Path) -> None:
    path = folder / "parquet/marts/thing.parquet"
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(data)


def remove_a_file(folder: Path) -> None:
    (folder / "report/index.html").unlink()


def add_a_file(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


@pytest.mark.parametrize(
    ("damage", "field", "name"),
    [
        (flip_a_byte, "changed", "parquet/marts/thing.parquet"),
        (remove_a_file, "missing", "report/index.html"),
        (add_a_file, "extra", "notes.txt"),
    ],
)
def test_damage_is_found(tmp_path: Path, damage: Callable[[Path], None], field: str, name: str) -> None:
    settings = settings_in(tmp_path)
    folder = publish(settings, contents(tmp_path / "w", "r1", [(1, "a")]))
    assert verify_release(folder).is_whole
    damage(folder)
    result = verify_release(folder)
    assert not result.is_whole
    assert getattr(result, field) == (name,)
    with pytest.raises(RuntimeError, match="not whole"):
        switch_latest(settings, "r1")


def test_readers_of_the_old_release_keep_it(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    publish(settings, contents(tmp_path / "w1", "r1", [(1, "old")]))
    reader = duckdb.connect(str(settings.latest / "observatory.duckdb"), read_only=True)
    publish(settings, contents(tmp_path / "w2", "r2", [(1, "new")]))
    assert reader.execute("select state from marts.thing").fetchall() == [("old",)]
    reader.close()
    with duckdb.connect(str((settings.latest / "observatory.duckdb").resolve()), read_only=True) as fresh:
        assert fresh.execute("select state from marts.thing").fetchall() == [("new",)]


PUBLISHER = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from orchestration.release.publish import publish
    from orchestration.release.relations import TableText
    from tests.unit.test_release import contents, settings_in
    home, folder = Path(sys.argv[1]), Path(sys.argv[2])
    what = contents(folder, "r2", [(n, "x" * 50) for n in range(2000)])
    print("ready", flush=True)
    publish(settings_in(home), what)
    """
)


@pytest.mark.parametrize("milliseconds", [0, 15, 40, 80, 120, 180, 300])
def test_killed_while_publishing_leaves_the_old_or_the_new_release_whole(tmp_path: Path, milliseconds: int) -> None:
    settings = settings_in(tmp_path)
    publish(settings, contents(tmp_path / "w1", "r1", [(1, "old")]))
    child = subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, str(tmp_path), str(tmp_path / "w2")], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(milliseconds / 1000)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    latest = settings.latest.resolve()
    assert latest.name in {"r1", "r2"}
    assert verify_release(latest).is_whole
    assert verify_release(settings.releases / "r1").is_whole
    remove_staging(settings)
    assert {path.name for path in settings.releases.iterdir()} <= {"r1", "r2"}
    assert publish(settings, contents(tmp_path / "w3", "r2", [(n, "x" * 50) for n in range(2000)])).name == "r2"


def test_one_build_at_a_time_and_a_dead_holder_does_not_block(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from orchestration.build_lock import build_lock\n"
        "with build_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    with pytest.raises(BuildRunning, match=f"process {child.pid}"), build_lock(tmp_path):
        pass
    child.kill()
    child.wait()
    child.stdout.close()
    with build_lock(tmp_path), build_lock(tmp_path):
        pass
