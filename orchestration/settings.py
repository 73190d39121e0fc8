"""Where things are: folders of the project, of the output and of the sources, read from the environment.

Belongs here: paths. Does not belong here: anything that reads or writes them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
DBT_PROJECT = PROJECT / "dbt_project"


@dataclass(frozen=True)
class Settings:
    """Folders of one installation; every path is absolute."""

    home: Path
    inbox: Path
    extra_sources: tuple[Path, ...]
    is_inbox_named: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read OBSERVATORY_HOME (default ``warehouse/``), OBSERVATORY_INBOX (``inbox/``) and OBSERVATORY_SOURCES.

        OBSERVATORY_SOURCES may name several folders, separated as in PATH.
        """
        extra = [part for part in environment.get("OBSERVATORY_SOURCES", "").split(os.pathsep) if part]
        return cls(
            home=Path(environment.get("OBSERVATORY_HOME") or PROJECT / "warehouse").resolve(),
            inbox=Path(environment.get("OBSERVATORY_INBOX") or PROJECT / "inbox").resolve(),
            extra_sources=tuple(Path(part).resolve() for part in extra),
            is_inbox_named=bool(environment.get("OBSERVATORY_INBOX")),
        )

    @property
    def source_roots(self) -> tuple[Path, ...]:
        """All folders that are searched for cards; the drop folder is read through what was accepted from it."""
        return (_bundled_sources(), self.accepted, *self.extra_sources)

    @property
    def register_roots(self) -> tuple[Path, ...]:
        """All folders below which register files are looked for; those of the drop folder are read where they lie."""
        return (_bundled_sources(), self.inbox, *self.extra_sources)

    @property
    def accepted(self) -> Path:
        """A copy of every edition that the drop folder brought, one folder for each revision."""
        return self.home / "accepted"

    @property
    def scratch(self) -> Path:
        """Rows of files that are only looked at."""
        return self.home / "work" / "intake"

    @property
    def raw(self) -> Path:
        """Landed Parquet files, kept between builds."""
        return self.home / "work" / "raw"

    @property
    def database(self) -> Path:
        """The DuckDB file that dbt alone writes, fresh in every build."""
        return self.home / "work" / "warehouse.duckdb"

    @property
    def dbt_target(self) -> Path:
        """dbt's compiled files and its parsed project."""
        return self.home / "work" / "dbt"

    @property
    def estimates(self) -> Path:
        """Parquet files that the analytics assets write."""
        return self.home / "work" / "stats"

    @property
    def shown(self) -> Path:
        """Parquet files that stand in for tables of the warehouse of which not everything may be shown."""
        return self.home / "work" / "shown"

    @property
    def releases(self) -> Path:
        """One immutable folder for each release."""
        return self.home / "releases"

    @property
    def latest(self) -> Path:
        """The link to the newest release."""
        return self.home / "latest"

    @property
    def dagster_home(self) -> Path:
        """Run history for the Dagster UI."""
        return self.home / "dagster"

    def dbt_environment(self) -> dict[str, str]:
        """What the dbt project reads from the environment."""
        return {
            "OBSERVATORY_RAW": str(self.raw),
            "OBSERVATORY_DB": str(self.database),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
        }


def _bundled_sources() -> Path:
    # Whoever reads no sources needs no reader of cards: half of what starting the command would cost.
    from ingest.catalog import BUNDLED_SOURCES

    return BUNDLED_SOURCES
