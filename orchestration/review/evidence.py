"""What a reviewer needs to see, read from the newest build: mentions, clusters, names, candidates, printed rows.

Belongs here: choosing the build that is read, and its tables as plain values. Does not belong here: which mentions are
still open (``worklist``); decisions made since the build stand in the register.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.problem import Problem, SourceError
from orchestration.settings import DBT_PROJECT, Settings

if TYPE_CHECKING:
    import duckdb

CODES = DBT_PROJECT / "seeds" / "codes"
CANDIDATES = "match_candidate"
NEEDED = {
    "marts.fct_mention",
    "marts.dim_cluster",
    "marts.dim_cluster_name",
    "marts.dim_document",
    "marts.dim_region",
    "marts.dim_source",
    "reports.rpt_unresolved_mention",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """One printed row in one role, with its edition and what the build knew about it; missing texts are empty."""

    mention_key: str
    family: str
    edition_id: str
    role: str
    name: str
    name_en: str
    name_ja: str
    country: str
    region: str
    row_id: str
    source_id: str
    landed_as: str
    title: str
    file_name: str
    page_address: str
    reference_date: datetime.date | None
    is_final: bool
    is_synthetic: bool
    placed_on: str
    verdict: str

    @property
    def row_number(self) -> str:
        """Number of the printed row, as a spreadsheet shows it."""
        return self.row_id.rpartition("#")[2]

    @property
    def is_blocking(self) -> bool:
        """Whether it stops a release while nobody has decided: the listed thing itself, in a final edition."""
        return self.role == "entry" and self.is_final

    @property
    def names(self) -> tuple[str, ...]:
        """The printed names, each once."""
        return tuple(dict.fromkeys(each for each in (self.name, self.name_en, self.name_ja) if each))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cluster that the mention may be; the score is missing for one that the reviewer looked up."""

    cluster_id: str
    score: float | None
    reasons: tuple[str, ...]
    suggestion: str
    matched_name: str


@dataclass(frozen=True)
class Evidence:
    """The newest build, read once. ``origin`` says which one it is."""

    origin: str
    mentions: Mapping[str, Mention]
    cluster_ids: frozenset[str]
    names: Mapping[str, tuple[str, ...]]
    candidates: Mapping[str, tuple[Candidate, ...]]
    documents: frozenset[str]
    regions: Mapping[str, str]
    raw: Path
    has_candidates: bool
    _landed: dict[str, dict[str, list[tuple[str, str]]]] = field(default_factory=dict)

    def printed_row(self, mention: Mention) -> list[tuple[str, str]]:
        """Printed column and cell of the mention's row, filled cells only; empty if the landed file is gone."""
        if mention.source_id not in self._landed:
            self._landed[mention.source_id] = _landed_rows(self.raw / mention.landed_as / mention.source_id)
        return [each for each in self._landed[mention.source_id].get(mention.row_id, []) if each[1].strip()]


def read_evidence(settings: Settings) -> Evidence:
    """The newest of the work file of the last build and the latest release.

    Raises:
        SourceError: there is neither.
    """
    from orchestration.release.compose import connect

    for database, candidates, origin in _builds(settings):
        with connect(database, read_only=True) as connection:
            if _tables(connection) >= NEEDED:
                return _evidence(connection, candidates, origin, settings.raw)
    raise SourceError(
        [
            Problem(
                "there is nothing to review yet",
                str(settings.home),
                "neither a release nor a build that got as far as the mentions",
                "the mentions of a build",
                "run observatory build first; it may stop on undecided mentions, that is enough",
            )
        ]
    )


def unit_kinds() -> dict[str, str]:
    """Code and name of every kind of unit."""
    return {row["unit_kind"]: row["label"] for row in _codes("unit_kind.csv")}


def country_codes() -> dict[str, str]:
    """What lists print for a country, in capital letters, and its code of ISO 3166-1."""
    countries = _codes("country.csv")
    names = {row["name_en"].upper(): row["country_code"] for row in countries}
    aliases = {row["alias"].upper(): row["country_code"] for row in _codes("country_alias.csv")}
    return names | aliases | {row["country_code"]: row["country_code"] for row in countries}


def _codes(name: str) -> list[dict[str, str]]:
    with (CODES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _landed_rows(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Printed columns and cells of a landed source by row id."""
    import pyarrow.parquet as pq

    rows: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(folder.glob("*.parquet")):
        table = pq.read_table(path, columns=["row_id", "printed"])
        rows |= dict(zip(table["row_id"].to_pylist(), table["printed"].to_pylist(), strict=True))
    return rows


def _builds(settings: Settings) -> list[tuple[Path, Path, str]]:
    """Database, file of candidates and description of each build there is, the newest first."""
    from orchestration.release.publish import DATABASE_FILE, latest_release

    builds = [(settings.database, settings.estimates, "the last build (not published)")]
    release = latest_release(settings)
    if release is not None:
        builds.append((release / DATABASE_FILE, release / "parquet" / "stats", f"release {release.name}"))
    there = [each for each in builds if each[0].is_file()]
    newest_first = sorted(there, key=lambda each: each[0].stat().st_mtime, reverse=True)
    return [(database, folder / f"{CANDIDATES}.parquet", origin) for database, folder, origin in newest_first]


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    return {str(name) for (name,) in rows}


def _evidence(connection: duckdb.DuckDBPyConnection, candidates: Path, origin: str, raw: Path) -> Evidence:
    mentions = _rows(
        connection,
        "select mention.mention_key, mention.family, mention.edition_id, mention.role, "
        "mention.name_printed as name, mention.name_en_printed as name_en, mention.name_ja_printed as name_ja, "
        "mention.country_printed as country, mention.region_printed as region, mention.row_id, source.source_id, "
        "source.kind || '__' || source.table_name as landed_as, source.title, source.file_name, source.page_address, "
        "source.reference_date, source.status = 'final' as is_final, mention.is_synthetic, "
        "mention.cluster_id as placed_on, mention.verdict "
        "from marts.fct_mention as mention join marts.dim_source as source on "
        "source.source_id = regexp_replace(mention.row_id, '#[0-9]+$', '') order by mention.mention_key",
    )
    names: dict[str, dict[str, None]] = {}
    for row in _rows(
        connection,
        "select cluster_id, name from marts.dim_cluster_name order by cluster_id, name_kind = 'label', name",
    ):
        names.setdefault(row["cluster_id"], {})[row["name"]] = None
    found = _candidates(connection, candidates)
    return Evidence(
        origin=origin,
        mentions={row["mention_key"]: Mention(**row) for row in mentions},
        cluster_ids=frozenset(row["cluster_id"] for row in _rows(connection, "from marts.dim_cluster")),
        names={cluster: tuple(each) for cluster, each in names.items()},
        candidates=found or {},
        documents=frozenset(row["document_code"] for row in _rows(connection, "from marts.dim_document")),
        regions=_regions(connection),
        raw=raw,
        has_candidates=found is not None,
    )


def _regions(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What is printed for a region, in capital letters, and the code of its country."""
    rows = _rows(connection, "select country_code, region_code, name_en, name_ja, name_printed from marts.dim_region")
    printed = ("region_code", "name_en", "name_ja", "name_printed")
    return {row[name].upper(): row["country_code"] for row in rows for name in printed if row[name]}


def _candidates(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, tuple[Candidate, ...]] | None:
    """The proposals by mention, best first; None if the build made none."""
    if not path.is_file():
        return None
    found: dict[str, list[Candidate]] = {}
    for row in _rows(
        connection,
        "select mention_key, cluster_id, score, reasons, suggestion, matched_name "
        f"from read_parquet('{str(path).replace(chr(39), chr(39) * 2)}') order by mention_key, rank",
    ):
        if row["cluster_id"]:
            reasons = tuple(each.strip() for each in row["reasons"].split(";") if each.strip())
            candidate = Candidate(
                row["cluster_id"], row["score"] or 0.0, reasons, row["suggestion"], row["matched_name"]
            )
            found.setdefault(row["mention_key"], []).append(candidate)
    return {key: tuple(each) for key, each in found.items()}


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    """Rows as mappings; a missing text is the empty text."""
    result = connection.execute(sql)
    names = [column[0] for column in result.description or []]
    texts = {column[0] for column in result.description or [] if str(column[1]) in ("VARCHAR", "STRING")}
    return [
        {name: "" if value is None and name in texts else value for name, value in zip(names, row, strict=True)}
        for row in result.fetchall()
    ]
