"""Runs one dbt model on the rows of its unit tests in DuckDB, without dbt: a few milliseconds instead of seconds.

Belongs here: rendering a model, its typed inputs, comparing what comes out with what is expected. The dbt build runs
the same unit tests for real; here they are run many times on altered models. Does not belong here: any alteration.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import yaml

DBT = Path(__file__).parents[2] / "dbt_project"
SEEDS = {path.stem: path for path in DBT.glob("seeds/*/*.csv")}
MODELS = {path.stem: path for path in DBT.glob("models/**/*.sql")}
MACROS = ("is_name_changed", "years_between")
Row = dict[str, Any]

# The columns that the models of outcomes read of what lies before them; a model in between says its columns itself.
LEAVES = {
    "stg_registry__event": "event_id varchar, event_type varchar, date_earliest date, date_latest date, "
    "evidence_kind varchar, evidence_address varchar, strength varchar, recorded_by varchar, recorded_on date",
    "stg_registry__event_member": "event_id varchar, side varchar, cluster_id varchar",
    "int_edition": "edition_id varchar, family varchar, edition varchar, title varchar, edition_order bigint, "
    "source_id varchar, kind varchar, table_name varchar, publisher_name varchar, reference_date date, "
    "has_entries boolean, is_newest boolean, status varchar, is_synthetic boolean, rows_read bigint, "
    "scope_rule varchar",
    "int_listing": "cluster_id varchar, family varchar, edition_id varchar, edition_order bigint, reference_date date, "
    "page_address varchar, mention_key varchar, row_id varchar, is_listed boolean, is_inferred boolean, "
    "name_printed varchar, name_en_printed varchar, name_key varchar, name_script varchar, name_en_key varchar, "
    "prefecture_code varchar, prefecture_key varchar, sector_code varchar, sector_key varchar, "
    "website_status_code varchar, internationalisation_level_code varchar, founded_year integer, "
    "decided_by varchar, decided_on date, evidence_address varchar, is_synthetic boolean",
    "int_cluster": "cluster_id varchar, label varchar, name_current varchar, name_en varchar, name_ja varchar, "
    "unit_kind varchar, country_code varchar, region_code varchar, sector_code varchar, founded_year integer, "
    "funding_end_year integer, first_edition_id varchar, last_edition_id varchar, n_editions bigint, minted_on date, "
    "note varchar, register_file varchar, line_number bigint, is_synthetic boolean",
    "int_programme_tie": "cluster_id varchar, programme_code varchar, first_known_on date",
}


class _Functions:
    """dbt's own functions for DuckDB, as far as these models use them."""

    @staticmethod
    def dateadd(part: str, interval: str, day: str) -> str:
        return f"date_add({day}, interval ({interval}) {part})"

    @staticmethod
    def datediff(first: str, second: str, part: str) -> str:
        return f"date_diff('{part}', {first}, {second})"

    @staticmethod
    def listagg(measure: str, delimiter: str, order: str) -> str:
        return f"listagg({measure}, {delimiter} {order})"

    @staticmethod
    def type_string() -> str:
        return "varchar"


@cache
def rendered(model: str) -> str:
    """The SQL of a model; a model that it reads is a table of its name."""
    return rendered_file(MODELS[model])


def rendered_file(path: Path) -> str:
    """The SQL of a model or data test in a file."""
    macros = "".join((DBT / f"macros/{name}.sql").read_text(encoding="utf-8") for name in MACROS)
    template = jinja2.Template(macros + path.read_text(encoding="utf-8"))
    return template.render(ref=lambda name: name, dbt=_Functions)


def run_models(
    given: dict[str, list[Row]], seeds: tuple[str, ...], models: tuple[str, ...]
) -> duckdb.DuckDBPyConnection:
    """A database with rows of the leaves, seeds, and models built on them in the order given."""
    connection = duckdb.connect(config={"threads": 1})
    for name, rows in {**{seed: _seed(seed) for seed in seeds}, **given}.items():
        _make_input(connection, name)
        _insert(connection, name, rows)
    for model in models:
        connection.execute(f"create table {model} as {rendered(model)}")
    return connection


@dataclass(frozen=True)
class UnitTest:
    """A dbt unit test: its model, the rows of each input, the rows expected."""

    name: str
    model: str
    given: dict[str, list[Row]]
    expected: list[Row]

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        """The inputs as tables."""
        connection = duckdb.connect(config={"threads": 1})
        # A handful of rows: to plan a query well takes longer than to run it badly.
        connection.execute("pragma disable_optimizer")
        for name, rows in self.given.items():
            _make_input(connection, name)
            _insert(connection, name, rows)
        return connection

    @cached_property
    def _wanted(self) -> Counter[tuple[Any, ...]]:
        """The rows expected, with the types of what the model gives."""
        self._database.execute(f"create table expected as select * from ({rendered(self.model)}) limit 0")
        _insert(self._database, "expected", self.expected)
        return Counter(self._database.execute(f"select {self._names} from expected").fetchall())

    @property
    def _names(self) -> str:
        return ", ".join(self.expected[0])

    def fails(self, sql: str) -> bool:
        """Whether the query gives other rows than expected, compared by the columns that the test names."""
        wanted = self._wanted
        return Counter(self._database.execute(f"select {self._names} from ({sql})").fetchall()) != wanted


@cache
def unit_tests(model: str) -> tuple[UnitTest, ...]:
    """The unit tests in the file of the model's name beside it."""
    found = []
    for test in _read_yaml(MODELS[model].with_suffix(".yml")).get("unit_tests", ()):
        given = {_name(each["input"]): each.get("rows") for each in test["given"]}
        rows = {name: _seed(name) if rows is None else rows for name, rows in given.items()}
        found.append(UnitTest(test["name"], model, rows, test["expect"]["rows"]))
    return tuple(found)


def _read_yaml(path: Path) -> dict[str, Any]:
    """By the parser in C where it is built in, which takes a tenth of the time."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506


def _name(reference: str) -> str:
    found = re.fullmatch(r"ref\('(\w+)'\)", reference)
    assert found, reference
    return found[1]


def _seed(name: str) -> list[Row]:
    relation = duckdb.sql(f"select * from read_csv('{SEEDS[name]}', header=true)")
    return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def _make_input(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """An empty table with the columns of a model, a leaf or a seed."""
    if name in LEAVES:
        connection.execute(f"create or replace table {name} ({LEAVES[name]})")
    elif name in SEEDS:
        connection.execute(f"create or replace table {name} as select * from read_csv('{SEEDS[name]}') limit 0")
    else:
        connection.execute(f"create or replace table {name} ({_columns(name)})")


@cache
def _columns(model: str) -> str:
    """The columns of a model with their types, from running it on empty inputs."""
    with duckdb.connect() as connection:
        for name in re.findall(r"ref\('(\w+)'\)", MODELS[model].read_text(encoding="utf-8")):
            _make_input(connection, name)
        described = connection.execute(f"describe {rendered(model)}").fetchall()
    return ", ".join(f"{row[0]} {row[1]}" for row in described)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    """All rows in one statement, which takes a fraction of the time of one for each; a column left out is null."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    if names:
        slots = ", ".join([f"({', '.join('?' for _ in names)})"] * len(rows))
        values = [row.get(name) for row in rows for name in names]
        connection.execute(f"insert into {table} ({', '.join(names)}) values {slots}", values)
