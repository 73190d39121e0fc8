"""The responses of a survey as one relation of the engine, with its questions.

Belongs here: opening a Parquet file, a table or a frame as a relation. Does not belong here: the design (``design``),
sums (``cells``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.question import Question

if TYPE_CHECKING:
    import duckdb

VIEW = "survey_response"
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL",
           "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip


@dataclass(frozen=True)
class Responses:
    """One row per response. ``relation``: what stands behind FROM; ``columns``: name to type of DuckDB."""

    connection: duckdb.DuckDBPyConnection
    relation: str
    columns: Mapping[str, str]
    questions: Mapping[str, Question]
    title: str
    base: str = "all responses"
    is_synthetic: bool = False
    release_id: str | None = None

    def question(self, code: str) -> Question:
        """The question with this code; of a table without a codebook, the column of this name.

        Raises ``SurveyError`` naming what there is.
        """
        if code in self.questions:
            return self.questions[code]
        if code not in self.columns:
            known = ", ".join(sorted(self.questions or self.columns))
            raise SurveyError(f"{self.title} has no question {code!r}; it has: {known}.")
        name = quoted(code)
        kind = "number" if self.columns[code].startswith(NUMBERS) else "choice"
        state = f"case when {name} is null then 'not_answered' else 'answered' end"
        return Question(code, kind, name, state, code)


def quoted(name: str) -> str:
    """A name of a column or table in SQL."""
    return '"' + name.replace('"', '""') + '"'


def open_table(source: Path | Any, title: str, connection: duckdb.DuckDBPyConnection | None = None) -> Responses:
    """A Parquet file, or a frame of pandas or Arrow, as responses; every column is a question."""
    import duckdb

    engine = connection or duckdb.connect()
    if isinstance(source, Path):
        place = str(source).replace("'", "''")
        engine.execute(f"create or replace temp view {VIEW} as select * from read_parquet('{place}')")
    else:
        engine.register(f"{VIEW}_frame", source)
        engine.execute(f"create or replace temp view {VIEW} as select * from {VIEW}_frame")
    described = engine.execute(f"describe {VIEW}").fetchall()
    return Responses(engine, VIEW, {row[0]: row[1] for row in described}, {}, title)
