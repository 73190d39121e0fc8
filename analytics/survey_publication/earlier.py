"""What earlier releases in a home have published of a survey wave, which can never be hidden again.

Belongs here: reading released files. Does not belong here: what follows from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.survey_publication import codebook, estimates
from analytics.survey_statistics.disclosure.publication import Printed

if TYPE_CHECKING:
    import duckdb

DATABASE = "observatory.duckdb"
COLUMNS = "select column_name from duckdb_columns() where schema_name = $schema and table_name = $table"
WAVE = "select * from marts.dim_survey_wave where edition_id = $edition_id"


@dataclass(frozen=True)
class EarlierRelease:
    """One wave in an earlier release. ``has_answers``: it holds the answers one by one. ``is_same``: of the same file
    and as many responses as now, so that its counts are those of the same responses.
    """

    release: str
    has_answers: bool
    is_same: bool
    printed: tuple[Printed, ...]
    is_readable: bool = True


def earlier_releases(folders: Sequence[Path], now: Row, kinds: Mapping[str, str]) -> Iterator[EarlierRelease]:
    """What each release says of a wave; ``now`` is its row of the marts in the warehouse."""
    import duckdb

    for folder in folders:
        try:
            with duckdb.connect(str(folder / DATABASE), read_only=True, config={"threads": 1}) as connection:
                found = _read(connection, folder.name, now, kinds)
        except duckdb.Error:
            found = EarlierRelease(folder.name, has_answers=False, is_same=False, printed=(), is_readable=False)
        if found is not None:
            yield found


def _read(
    connection: duckdb.DuckDBPyConnection, release: str, now: Row, kinds: Mapping[str, str]
) -> EarlierRelease | None:
    edition = {"edition_id": now["edition_id"]}
    if not _columns(connection, "marts", "dim_survey_wave"):
        return None
    before = fetch_rows(connection, WAVE, edition)
    if not before:
        return None
    (wave,) = before
    schema, _, table = str(wave["wide_table"]).partition(".")
    counted = fetch_rows(
        connection,
        "select codebook.*, question.repeat_code from reports.rpt_survey_codebook as codebook "
        "join marts.dim_survey_question as question using (edition_id, question_code) "
        "where edition_id = $edition_id and question.repeat_code is null",
        edition,
    )
    printed = codebook.printed(counted, int(wave["n_counted"]), release)
    if _columns(connection, "stats", "survey_estimate"):
        rows = fetch_rows(connection, "select * from stats.survey_estimate where edition_id = $edition_id", edition)
        printed += estimates.printed(rows, kinds, release)
    is_same = all(wave[name] == now[name] for name in ("file_sha256", "n_counted", "n_forgotten"))
    return EarlierRelease(release, bool(_columns(connection, schema, table)), is_same, tuple(printed))


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[Row]:
    return fetch_rows(connection, COLUMNS, {"schema": schema, "table": table})
