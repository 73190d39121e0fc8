"""The answers of survey waves that no release holds: kept for the owner of the home, one folder for each release.

Belongs here: which tables are withheld, where they are kept instead, and that nobody else can read them. Does not
belong here: what a release holds (``compose``), what of their counts may be shown (``analytics``).

``<home>/restricted/microdata/<release id>/`` mirrors the folder ``parquet`` of a release: ``survey/<table>.parquet``
and ``marts/fct_survey_response.parquet``, with SHA256SUMS. Folders are 0700, files 0600.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.printed_table import file_sha256
from orchestration.release.checksums import SUMS_FILE, Verification, verify_release, write_checksums
from orchestration.release.relations import quoted
from orchestration.release.survey_tables import SURVEY_SCHEMA, wide_order, withheld_tables

if TYPE_CHECKING:
    import duckdb

RESPONSES = "marts/fct_survey_response.parquet"
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


def microdata_folder(release: Path) -> Path:
    """Where the withheld answers of a release are kept, whether or not it has any."""
    return release.parent.parent / "restricted" / "microdata" / release.name


def write_microdata(connection: duckdb.DuckDBPyConnection, folder: Path) -> bool:
    """Write the withheld tables of the warehouse that ``connection`` has open; False, and no folder, without any.

    The same warehouse gives the same bytes on a connection with one thread.
    """
    tables = withheld_tables(connection)
    if not tables:
        return False
    for each in (folder.parent.parent, folder.parent, folder, folder / SURVEY_SCHEMA, folder / "marts"):
        each.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        each.chmod(PRIVATE_FOLDER)
    for name in sorted(tables):
        path = folder / SURVEY_SCHEMA / f"{name.partition('.')[2]}.parquet"
        _copy(connection, f"from {quoted(name)} {wide_order(connection, quoted(name))}", path)
    columns = ", ".join(str(row[0]) for row in connection.execute("describe marts.fct_survey_response").fetchall())
    responses = (
        f"select {columns} from intermediate.int_survey_response where edition_id in "
        "(select edition_id from marts.dim_survey_wave where microdata = 'withheld') order by edition_id, response_no"
    )
    _copy(connection, responses, folder / RESPONSES)
    write_checksums(folder, mode=PRIVATE_FILE)
    return True


def differing_files(kept: Path, built: Path) -> list[str]:
    """Files that two folders of withheld answers do not have alike."""
    files = {path.relative_to(folder) for folder in (kept, built) for path in folder.rglob("*.parquet")}
    return [
        name.as_posix()
        for name in sorted(files)
        if not ((kept / name).exists() and (built / name).exists())
        or file_sha256(kept / name) != file_sha256(built / name)
    ]


def remove_orphans(releases: Path) -> list[str]:
    """Remove the withheld answers of releases that are no longer there; returns their ids."""
    kept = microdata_folder(releases / "any").parent
    gone = [path for path in sorted(kept.glob("*")) if not (releases / path.name).is_dir()]
    for path in gone:
        shutil.rmtree(path)
    return [path.name for path in gone]


def verify_microdata(release: Path) -> Verification | None:
    """Hash the withheld answers of a release again; None where there are none, or the release lies elsewhere."""
    folder = microdata_folder(release)
    return verify_release(folder) if (folder / SUMS_FILE).is_file() else None


def response_sources(release: Path) -> Iterable[str]:
    """What stands behind FROM for the responses of a release: its own table, then those withheld from it."""
    yield "marts.fct_survey_response"
    path = microdata_folder(release) / RESPONSES
    if path.is_file():
        yield f"read_parquet('{_escaped(path)}')"


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"copy ({query}) to '{_escaped(path)}' (format parquet, compression zstd)")


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
