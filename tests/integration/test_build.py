"""The main job: build, build again, build by force; what is printed and what lies in the release."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ingest.printed_table import file_sha256
from tests.conftest import once
from tests.integration.observatory import COMMAND, Observatory
from tests.unit.edition import write_edition

Done = subprocess.CompletedProcess[str]


def parquet_hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): file_sha256(path) for path in sorted(folder.glob("parquet/*/*.parquet"))
    }


def test_the_summary_says_what_happened(first_build: tuple[Observatory, Done]) -> None:
    observatory, done = first_build
    lines = dict(line.split(None, 1) for line in done.stdout.splitlines() if line)
    read, placed, unresolved, rejected = map(
        int, re.findall(r"(\d+) (?:read|placed|unresolved|rejected)", lines["rows"])
    )
    assert read == placed + unresolved + rejected
    landed = observatory.query("select sum(rows_read)::int from marts.dim_source")
    assert landed == [(read,)]
    assert re.fullmatch(r"\d+ passed, \d+ warned, 0 failed", lines["checks"])
    assert lines["release"] == observatory.latest.name
    assert Path(lines["report"]).is_file()
    assert Path(lines["database"]).is_file()
    assert {"ingest", "dbt", "statistics", "release"} <= set(re.findall(r"([a-z]+) \d", lines["seconds"]))
    assert "building the warehouse" in done.stderr


def test_a_release_holds_what_was_promised(bundled: Observatory) -> None:
    names = {path.name for path in bundled.latest.iterdir()}
    assert names == {
        "observatory.duckdb",
        "parquet",
        "report",
        "codebooks",
        "dictionary.html",
        "datapackage.json",
        "CHANGES.md",
        "SHA256SUMS",
        "release.json",
    }
    tables = bundled.query("select schema_name, table_name, comment from duckdb_tables() where not internal")
    assert {schema for schema, _, _ in tables} == {"marts", "reports", "stats", "meta", "survey"}
    assert all(comment for _, _, comment in tables)
    assert bundled.query("select count(*) from duckdb_columns() where not internal and comment is null") == [(0,)]
    files = {f"{path.parent.name}.{path.stem}" for path in bundled.latest.glob("parquet/*/*.parquet")}
    assert files == {f"{schema}.{table}" for schema, table, _ in tables}
    assert not list(bundled.latest.rglob("*.wal"))
    package = json.loads((bundled.latest / "datapackage.json").read_text())
    assert package["version"] == bundled.latest.name


def test_unchanged_inputs_publish_nothing_new(first_build: tuple[Observatory, Done]) -> None:
    observatory, _ = first_build
    before = sorted(path.name for path in (observatory.home / "releases").iterdir())
    again = observatory.run("build")
    assert again.returncode == 0
    assert again.stdout.startswith(f"Nothing changed since release {observatory.latest.name}; nothing was built.")
    assert sorted(path.name for path in (observatory.home / "releases").iterdir()) == before


@pytest.fixture(scope="session")
def repaired(bundled: Observatory, shared: Path) -> tuple[Observatory, dict[str, Any]]:
    """Another folder, nothing there but a damaged copy of the release; what a build says, and then one by force."""
    folder = shared / "officer's files"
    elsewhere = Observatory(folder / "home", folder / "inbox")

    def damage_and_build() -> dict[str, Any]:
        shutil.copytree(bundled.home / "releases", elsewhere.home / "releases")
        (elsewhere.home / "latest").symlink_to(Path("releases") / bundled.latest.name)
        database = elsewhere.latest / "observatory.duckdb"
        database.chmod(0o644)
        database.write_bytes(b"")
        commands = {"build": ("build",), "status": ("status",), "forced": ("build", "--force")}
        done = {name: elsewhere.run(*command) for name, command in commands.items()}
        return {name: (each.returncode, each.stderr) for name, each in done.items()}

    return elsewhere, once(shared / "repaired.json", damage_and_build)


@pytest.mark.fault
def test_r16_built_elsewhere_or_by_force_the_bytes_are_the_same(
    bundled: Observatory, repaired: tuple[Observatory, dict[str, Any]]
) -> None:
    """Built again from nothing, by force and in another folder: the Parquet bytes are those of the release."""
    elsewhere, said = repaired
    code, error = said["forced"]
    assert code == 0, error
    assert "building the warehouse" in error
    assert elsewhere.latest.name == bundled.latest.name
    assert parquet_hashes(elsewhere.latest) == parquet_hashes(bundled.latest)
    # All that is published but the database file, which the engine lays out anew each time.
    here, there = ((each.latest / "SHA256SUMS").read_text().splitlines() for each in (bundled, elsewhere))
    assert {line.split("  ")[1] for line in set(here) ^ set(there)} <= {"observatory.duckdb"}


def test_verify_finds_the_release_whole_and_then_damaged(copy_of_bundled: Observatory) -> None:
    whole = copy_of_bundled.run("verify")
    assert whole.returncode == 0
    assert "is whole" in whole.stdout
    victim = copy_of_bundled.latest / "parquet/marts/dim_cluster.parquet"
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes()[:-1])
    damaged = copy_of_bundled.run("verify")
    assert damaged.returncode == 1
    assert f"{copy_of_bundled.home / 'latest/parquet/marts/dim_cluster.parquet'}: changed." in damaged.stderr
    assert "Do not use it" in damaged.stderr


def test_status_and_sources_speak_plainly(bundled: Observatory, tmp_path: Path) -> None:
    assert "Inputs, code and lock file are those of this release." in bundled.run("status").stdout
    listed = bundled.run("sources").stdout
    assert re.search(r"cluster_mapping-2016\S* +organisation_list +52 rows .* synthetic", listed)
    empty = Observatory(tmp_path / "none", tmp_path / "inbox").run("status")
    assert "There is no release" in empty.stdout
    assert empty.returncode == 0


@pytest.mark.parametrize("arguments", [("bild",), ("build", "--farce"), ("ui", "--port", "x")])
def test_wrong_usage_is_exit_code_two(bundled: Observatory, arguments: tuple[str, ...]) -> None:
    done = bundled.run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_going_back_to_earlier_inputs_needs_no_build(copy_of_bundled: Observatory) -> None:
    """As long as no id vanishes; that is tested with the other faults of the register."""
    earlier = copy_of_bundled.latest
    shutil.copytree(earlier, earlier.with_name("r000000000000"))
    link = copy_of_bundled.home / "latest"
    link.unlink()
    link.symlink_to(Path("releases") / "r000000000000")
    done = copy_of_bundled.run("build")
    assert "was built from exactly these inputs before" in done.stdout
    assert copy_of_bundled.latest == earlier


def test_a_damaged_release_is_not_built_upon(
    repaired: tuple[Observatory, dict[str, Any]], bundled: Observatory
) -> None:
    elsewhere, said = repaired
    name = bundled.latest.name
    for command in ("build", "status"):
        code, error = said[command]
        assert code == 1
        assert "not as it was published" in error
        assert "build --force" in error
    assert said["forced"][0] == 0
    assert elsewhere.latest.name == name
    assert elsewhere.run("verify").returncode == 0
    assert list((elsewhere.home / "releases").glob(f"damaged-{name}-*"))


def test_a_folder_that_cannot_be_written_to_is_a_sentence(bundled: Observatory, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    done = Observatory(file / "home", tmp_path / "inbox").run("build")
    assert done.returncode == 1
    assert "OBSERVATORY_HOME" in done.stderr
    missing = Observatory(bundled.home, bundled.inbox, (tmp_path / "nowhere",)).run("build")
    assert missing.returncode == 1
    assert "a source folder is missing" in missing.stderr
    assert "Traceback" not in done.stderr + missing.stderr


def test_a_release_is_published_by_the_whole_job_only(copy_of_bundled: Observatory) -> None:
    """The release asset alone, as the UI's own button would run it, publishes nothing."""
    before = copy_of_bundled.latest.name
    write_edition(copy_of_bundled.inbox / "list", status="provisional")
    done = subprocess.run(
        [
            COMMAND.with_name("dagster"),
            "asset",
            "materialize",
            "--select",
            "release",
            "-m",
            "orchestration.definitions",
        ],
        env={**copy_of_bundled.environment, "DAGSTER_HOME": str(copy_of_bundled.home / "dagster")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "checks were not made in this run" in done.stdout + done.stderr
    assert copy_of_bundled.latest.name == before
