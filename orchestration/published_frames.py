"""The tables that would be published, as the frames that the border out looks at.

Belongs here: fetching them, and of a table with millions of rows only what a check could object to. Does not belong
here: what must hold (``expectations``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.sql_literal import literal
from orchestration.release.relations import quoted, quoted_name
from orchestration.release.survey_tables import survey_views, withheld_tables
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# From here on a table is searched where it lies; below, it is handed over whole.
MANY_ROWS = 200_000
# Every text in which the patterns of the border find an address or a telephone number, and few others: whatever they
# allow between digits is allowed here, and nothing is asked of what stands around.
SUSPECT = (
    r"@|\+\p{Nd}|0\p{Nd}{1,4}[^\p{L}\p{Nd}]+\p{Nd}{1,4}[^\p{L}\p{Nd}]\p{Nd}{3,4}"
    r"|(?i:tel|phone|fax|電話)[^\p{L}\p{Nd}]*\p{Nd}"
)
# One of them is enough to stop a release; more only make the sentence longer.
PERSONAL_TEXTS_KEPT = 100
TEXTS_AT_ONCE = 10_000


def published_frames(settings: Settings) -> dict[str, pd.DataFrame]:
    """All tables that would be published, by ``schema.table``."""
    import pyarrow.parquet as pq

    from orchestration.release.compose import WAREHOUSE_SCHEMAS, connect

    frames = {
        f"stats.{path.stem}": pq.read_table(path).to_pandas() for path in sorted(settings.estimates.glob("*.parquet"))
    }
    with connect(settings.database, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name, estimated_size from duckdb_tables() "
            f"where list_contains({literal(WAREHOUSE_SCHEMAS)}, schema_name) order by all"
        ).fetchall()
        for name, n_rows in tables:
            is_long = n_rows >= MANY_ROWS
            if instead := shown_tables(settings).get(str(name)):
                frames[str(name)] = pq.read_table(instead).to_pandas()
                continue
            frames[str(name)] = suspects(connection, name) if is_long else connection.sql(f"from {quoted(name)}").df()
        withheld = withheld_tables(connection)
        shown = [name for name in survey_views(connection) if name not in withheld]
        return frames | {name: suspects(connection, name) for name in shown}


def shown_tables(settings: Settings) -> dict[str, Path]:
    """``schema.table`` to the file that stands in for the warehouse's own table."""
    found = sorted(settings.shown.glob("*/*.parquet"))
    return {f"{path.parent.name}.{path.stem}": path for path in found}


def suspects(connection: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    """The columns of text that hold any, with those texts that are personal, and whether the flag is ever missing.

    A column of codes is not among them: an answer that is the place of an option is nobody's address.
    """
    import pandas as pd

    described = connection.execute(f"describe {quoted(name)}").fetchall()
    found: dict[str, list[str]] = {}
    for column in (str(row[0]) for row in described if row[1] == "VARCHAR"):
        cell = quoted_name(column)
        if connection.execute(f"select 1 from {quoted(name)} where {cell} is not null limit 1").fetchone():
            is_suspect = f"regexp_matches({cell}, {literal(SUSPECT)})"
            query = f"select distinct {cell} from {quoted(name)} where {is_suspect} order by all"
            found[column] = _personal(connection.execute(query))
    frame = pd.DataFrame({column: pd.Series(texts, dtype=object) for column, texts in found.items()})
    if "is_synthetic" in {str(row[0]) for row in described}:
        query = f"select 1 from {quoted(name)} where is_synthetic is null limit 1"
        is_missing = connection.execute(query).fetchone() is not None
        frame = frame.reindex(range(max(1, len(frame)))).assign(is_synthetic=None if is_missing else False)
    return frame


def _personal(texts: duckdb.DuckDBPyConnection) -> list[str]:
    """The first texts of a result in which the patterns of the border find something."""
    from expectations.border_out import E_MAIL, TELEPHONE

    pattern = re.compile(f"{E_MAIL}|{TELEPHONE}")
    kept: list[str] = []
    while len(kept) < PERSONAL_TEXTS_KEPT and (rows := texts.fetchmany(TEXTS_AT_ONCE)):
        kept += [str(text) for (text,) in rows if pattern.search(text)]
    return kept[:PERSONAL_TEXTS_KEPT]
