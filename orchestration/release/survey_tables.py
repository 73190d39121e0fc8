"""The wide tables of survey waves in a release: copied in the order of their files, described by their codebook.

Belongs here: what a wide table of answers has that other tables have not. Does not belong here: the order in which a
release is composed (``compose``), what the numbers of a wide column mean (``ingest.survey.state``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ingest.survey.schema import DESIGN_PREFIX, RAW_SUFFIX, STATE_SUFFIX
from ingest.survey.state import WIDE
from orchestration.release.relations import TableText, quoted

if TYPE_CHECKING:
    import duckdb

SURVEY_SCHEMA = "survey"
CODEBOOK = "marts.dim_survey_column"
LINEAGE = f"""
with published as (
    from {CODEBOOK} semi join (from marts.dim_survey_wave where microdata = 'published') as wave using (edition_id)
),
answer as (
    select wide_table, edition_id, unnest([wide_column, state_column, raw_column]) as wide_column, source_header
    from published
),
read as (
    select
        wide_table,
        wide_column,
        unnest(case
            when option_code is not null and column_part = 'rank' then ['state', 'value_number']
            when option_code is not null then ['state']
            when column_part = 'choice' then ['option_code', 'state']
            when column_part = 'number' then ['value_number']
            when column_part = 'date' then ['value_date']
            when column_part = 'datetime' then ['value_date', 'value_text']
            else ['value_text']
        end) as column_name
    from published
    union all
    select wide_table, state_column, 'state' from published where state_column is not null
    union all
    select wide_table, raw_column, 'raw_cell' from published where raw_column is not null
)
select distinct answer.wide_table, wide_column, wave.source_id, source_header
from answer join marts.dim_survey_wave as wave using (edition_id)
where wide_column is not null and source_header is not null
union
select 'model.observatory.fct_survey_answer', column_name, wide_table, wide_column from read
order by all
"""
STATES = ", ".join(f"{number} {state}" for state, number in WIDE.items())
# Columns that a wide table has beside the answers.
BESIDE = {
    "response_no": "Running number of the response within the wave, in the order of the export.",
    "repeat_no": "Running number within the repeated group of the response.",
    "response_id": "Id of the response; more of it stands in marts.fct_survey_response.",
    "language": "Language of the response.",
    "disposition": "Final disposition of the response.",
    "is_counted": "True if the response is in the base of every table.",
    "is_synthetic": "True if the answers were made up.",
}


def survey_views(connection: duckdb.DuckDBPyConnection, database: str = "") -> list[str]:
    """Names ``survey.<table>`` of the views of wide tables in a warehouse that is open or attached."""
    rows = connection.execute(
        "select view_name from duckdb_views() where schema_name = ? and database_name = "
        "coalesce(nullif(?, ''), current_database()) order by all",
        [SURVEY_SCHEMA, database],
    ).fetchall()
    return [f"{SURVEY_SCHEMA}.{name}" for (name,) in rows]


def withheld_tables(connection: duckdb.DuckDBPyConnection, database: str = "") -> set[str]:
    """Names ``survey.<table>`` of the wide tables that no release may hold, in a warehouse that is open or attached."""
    if not survey_views(connection, database):
        return set()
    marts = f"{database}.marts" if database else "marts"
    withheld = f"(select edition_id from {marts}.dim_survey_wave where microdata = 'withheld')"
    rows = connection.execute(
        f"select wide_table from {marts}.dim_survey_wave where edition_id in {withheld} "
        f"union select wide_table from {marts}.dim_survey_column where edition_id in {withheld}"
    ).fetchall()
    return {str(name) for (name,) in rows}


def wide_order(connection: duckdb.DuckDBPyConnection, source: str) -> str:
    """The clause that puts a wide table in order: none for responses, which are in it, by response for a repeat."""
    columns = [str(row[0]) for row in connection.execute(f"describe from {source}").fetchall()]
    return "order by response_no, repeat_no" if "repeat_no" in columns else ""


def copy_wide_tables(connection: duckdb.DuckDBPyConnection, warehouse: str) -> list[str]:
    """Copy the wide tables of an attached warehouse that are not withheld, row by row as their files have them.

    Returns ``survey.<table>`` of each.

    Nothing is sorted, so that memory does not grow with the rows; a repeat is put in the order of its responses.
    """
    withheld = withheld_tables(connection, warehouse)
    names = [name for name in survey_views(connection, warehouse) if name not in withheld]
    if names:
        connection.execute(f"create schema {SURVEY_SCHEMA}")
    for name in names:
        source = f"{warehouse}.{quoted(name)}"
        connection.execute(f"create table {quoted(name)} as from {source} {wide_order(connection, source)}")
    return names


def wide_texts(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> dict[str, TableText]:
    """What each wide table and each of its columns is, from the codebook in the same file."""
    return {name: _wide_text(connection, name) for name in names}


def _wide_text(connection: duckdb.DuckDBPyConnection, name: str) -> TableText:
    rows = connection.execute(
        f"select wide_column, column_en, column_ja, edition_id from {CODEBOOK} where wide_table = ?", [name]
    ).fetchall()
    asked = {str(column): _both(str(english), str(japanese)) for column, english, japanese, _ in rows}
    edition = str(rows[0][3]) if rows else name
    columns = [str(row[0]) for row in connection.execute(f"describe {quoted(name)}").fetchall()]
    unit = "repetition of a group of questions" if "repeat_no" in columns else "response"
    return TableText(
        f"One row per {unit} of the survey wave {edition}, in the order of the export. A choice is the place of the "
        f"option in marts.dim_survey_option, a tick 1 or 0; below zero stands a state: {STATES}. "
        "marts.fct_survey_answer says the same in codes.",
        {column: _column_text(column, asked) for column in columns},
        ("response_id", "repeat_no") if "repeat_no" in columns else ("response_id",),
    )


def _both(english: str, japanese: str) -> str:
    return english if japanese == english else f"{english} / {japanese}"


def _column_text(column: str, asked: dict[str, str]) -> str:
    if column in asked:
        return asked[column]
    if column in BESIDE:
        return BESIDE[column]
    if column.endswith(STATE_SUFFIX):
        return f"State of {column.removesuffix(STATE_SUFFIX)}: 0 for an answer, else below zero."
    if column.endswith(RAW_SUFFIX):
        return f"The cell behind {column.removesuffix(RAW_SUFFIX)}, exactly as printed."
    if column.startswith(DESIGN_PREFIX):
        return f"Variable of the design of the survey: {column.removeprefix(DESIGN_PREFIX)}."
    return f"{column}, as the export has it."


def survey_lineage(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """Rows of ``meta.column_lineage``: columns of the export behind wide columns, wide columns behind the answers.

    dbt does not know the wide tables, whose columns are those of a survey; the codebook does.
    """
    rows = connection.execute(LINEAGE).fetchall()
    names = ("model", "column_name", "parent", "parent_column")
    return [dict(zip(names, map(str, row), strict=True)) for row in rows]
