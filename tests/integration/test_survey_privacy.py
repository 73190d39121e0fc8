"""Who answered stands nowhere but in the restricted store, and somebody who asks is left out and found where he was."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from tests.integration.observatory import Observatory
from tests.integration.office import Office

WAVE = "eu_japan_cooperation"


def kept(observatory: Observatory) -> list[dict[str, object]]:
    """What the restricted store has of the synthetic survey, which the bundled release holds."""
    (path,) = (observatory.home / "work" / "restricted").glob(f"{WAVE}*/*.parquet")
    rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return rows


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder as bytes; what is compressed in it also as the text that it holds."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        yield path, path.read_bytes()
        if path.suffix == ".parquet":
            file = pq.ParquetFile(path)
            yield path, f"{file.metadata.metadata}{file.schema_arrow}{file.read().to_pylist()}".encode()
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                yield path, b"".join(book.read(name) for name in book.namelist())
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                tables = "select schema_name, table_name from duckdb_tables() union all "
                tables += "select schema_name, view_name from duckdb_views() where schema_name = 'survey'"
                for schema, table in connection.execute(tables).fetchall():
                    yield path, str(connection.execute(f'from "{schema}"."{table}"').fetchall()).encode()


def test_no_identity_is_in_any_file_but_the_restricted_store(bundled: Observatory) -> None:
    rows = kept(bundled)
    assert {row["role"] for row in rows} == {"token", "free_text"}
    secrets = {str(row["value"]).encode() for row in rows}
    assert len(secrets) > 100
    restricted = bundled.home / "work" / "restricted"
    any_of_them = re.compile(b"|".join(re.escape(secret) for secret in sorted(secrets)))
    found = {
        f"{path.relative_to(bundled.home)}: {hit[0]!r}"
        for path, content in contents(bundled.home)
        if not path.is_relative_to(restricted) and (hit := any_of_them.search(content))
    }
    assert sorted(found) == []


def test_a_respondent_who_asks_is_forgotten(office: Office, bundled: Observatory) -> None:
    observatory, before = office.observatory, office.noted["before"]
    number, _, place = office.noted["asked"]
    counts = "select n_responses, n_forgotten from marts.dim_survey_wave where survey_code = ?"
    ((n_before, n_forgotten),) = bundled.query(counts, [WAVE])
    assert n_forgotten == 0

    code, output, error = office.noted["forgotten"]
    assert code == 0, error
    report = json.loads(output)
    assert report["waves"] == [f"{WAVE}/2020"]
    assert report["latest_release"] == observatory.latest.name != before
    assert report["releases_with_the_person"] == {before: 1}
    assert [Path(each["file"]).name for each in report["files_with_the_person"]] == [f"{WAVE}_2020.csv"]

    assert observatory.query(counts, [WAVE]) == [(n_before - 1, 1)]
    for table in ("marts.fct_survey_response", "marts.fct_survey_answer", f"survey.{WAVE}_2020"):
        assert observatory.query(f"select count(*) from {table} where response_id = ?", [number]) == [(0,)], table
    assert [row for row in kept(bundled) if row["response_no"] == place]
    assert not [row for row in kept(observatory) if row["response_no"] == place]
    assert observatory.run("verify").returncode == 0
    assert "nothing was built" in office.noted["again"][1]
