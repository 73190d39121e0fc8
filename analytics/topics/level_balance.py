"""`stats.level_transition_test`: whether moves between the levels of two editions balance.

Belongs here: Bowker's test, the test of Stuart and Maxwell and, for the ordered scale, the sign test of every pair of
editions, each with its exact version. Does not belong here: the arithmetic, which is that of paired tables of any kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, StatTable, fetch_rows
from analytics.published_base import editions_by_construction
from analytics.topics.internationalisation import LEAST_TEXT, N_PARTS
from analytics.topics.level_transition import PAIR, PAIRS, listed_in_both

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    from analytics.statistics import paired_levels

METHOD_VERSION = "1"
ORDERED_LEVELS = ("0", "1", "2", "3", "4")
NOBODY = "no cluster has a level in both editions"
METHODS = {
    "bowker": "Bowker's test of symmetry: each move is as frequent as its reverse; chi-squared without continuity "
    "correction, exact given how many moved between each two levels",
    "stuart_maxwell": "test of Stuart and Maxwell of equal margins: each level is as frequent before as after; "
    "chi-squared, exact by exchanging before and after of each cluster",
    "sign": "sign test: as many clusters moved up as down; exact binomial; the mean change counts all levels "
    "as equally wide",
}

TABLE = StatTable(
    "level_transition_test",
    "One row per pair of editions, scale and test: whether the moves of clusters between levels balance.",
    (
        *PAIR,
        Column("test", "string", "`bowker`, `stuart_maxwell`, or `sign` (for the ordinal scale only)."),
        Column("base", "string", "The base in words."),
        Column("n", "int64", "Clusters with a level in both editions."),
        Column("n_not_stated", "int64", "Clusters listed in both editions and left out for want of a level in one."),
        Column("n_discordant", "int64", "Clusters that changed their level: all that the tests rest on."),
        Column("statistic", "double", "Chi-squared statistic; null for the sign test."),
        Column("df", "int64", "Degrees of freedom: pairs of levels with moves, or levels with moves less one."),
        Column("p_value", "double", "Large-sample p-value; not to be relied on where few clusters moved."),
        Column("exact_p_value", "double", "Exact p-value, two-sided."),
        Column("exact_method", "string", "`exact`: all outcomes listed; `Monte Carlo`: drawn, with a fixed seed."),
        Column("n_outcomes", "int64", "Outcomes listed or drawn."),
        Column("exact_std_error", "double", "Standard error of a drawn p-value; null where all outcomes are listed."),
        Column("n_up", "int64", "Clusters that moved up; null on the printed scale, which has no order."),
        Column("n_down", "int64", "Clusters that moved down; null on the printed scale."),
        Column("mean_change", "double", "Mean change in levels; null on the printed scale."),
        Column("mean_change_std_error", "double", "Standard error of the mean change; null where it is undefined."),
        Column("null_reason", "string", "Why a number is missing that the test should have."),
        Column("method", "string", "What is tested and how."),
        Column("method_version", "string", "Version of the method; it changes whenever numbers would."),
        Column("is_synthetic", "bool", "True when any row behind the test is declared synthetic."),
    ),
    ("family", "from_edition_id", "to_edition_id", "scale", "test", "is_synthetic"),
)

CELLS = " ".join(
    (
        PAIRS,
        """
    select family, from_edition, to_edition, from_edition_id, to_edition_id, scale, is_synthetic,
           from_level_code, to_level_code, count(*) as n
    from pairs group by all order by all
""",
    )
)
MATRIX = itemgetter("family", "from_edition_id", "to_edition_id", "scale", "is_synthetic")


def level_transition_test(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """The tests of every pair of editions of a family and both scales."""
    constructed = editions_by_construction(connection)
    cells = sorted(fetch_rows(connection, CELLS, {"n_parts": N_PARTS}), key=MATRIX)
    return TABLE.to_arrow(row for _, group in groupby(cells, key=MATRIX) for row in _tests(list(group), constructed))


def square_table(cells: list[Row], scale: str) -> list[list[int]]:
    """Clusters by level before (rows) and after (columns); cells with a level not stated are left out.

    The ordinal scale has all its levels in order, the printed one those that occur, and at least two.
    """
    stated = [cell for cell in cells if "not_stated" not in (cell["from_level_code"], cell["to_level_code"])]
    occurring = {cell[side] for cell in stated for side in ("from_level_code", "to_level_code")}
    levels = list(ORDERED_LEVELS) if scale == "ordinal" else sorted(occurring)
    levels += ["a level that nobody holds"] * (2 - len(levels))
    counts = {(cell["from_level_code"], cell["to_level_code"]): cell["n"] for cell in stated}
    return [[counts.get((before, after), 0) for after in levels] for before in levels]


def _tests(cells: list[Row], constructed: frozenset[str]) -> Iterator[Row]:
    # Here, not above: the list of topics is read by every command, the arrays by the statistics only.
    from analytics.statistics import paired_levels

    first, scale = cells[0], cells[0]["scale"]
    table = square_table(cells, scale)
    n = sum(map(sum, table))
    common = {column.name: first[column.name] for column in PAIR} | {
        "base": listed_in_both(first, constructed),
        "n": n,
        "n_not_stated": sum(cell["n"] for cell in cells) - n,
        "method_version": METHOD_VERSION,
        "is_synthetic": first["is_synthetic"],
    }

    def row(test: str, numbers: Row) -> Row:
        least = f"; {LEAST_TEXT}" if scale == "ordinal" else ""
        reason = {"null_reason": NOBODY} if not n else {}
        return common | {"test": test, "method": METHODS[test] + least} | numbers | reason

    yield row("bowker", _chi_squared(paired_levels.bowker(table), paired_levels.bowker_exact(table)))
    yield row(
        "stuart_maxwell", _chi_squared(paired_levels.stuart_maxwell(table), paired_levels.stuart_maxwell_exact(table))
    )
    if scale == "ordinal":
        yield row("sign", _sign(paired_levels.level_change(table)))


def _chi_squared(test: paired_levels.TableTest, exact: paired_levels.ExactTableTest) -> Row:
    return {
        "n_discordant": test.n_changed,
        "statistic": test.statistic,
        "df": test.df,
        "p_value": test.p_value,
        "exact_p_value": exact.p_value,
        "exact_method": exact.method,
        "n_outcomes": exact.n_outcomes if exact.method else None,
        "exact_std_error": exact.standard_error,
        "null_reason": test.reason or exact.reason,
    }


def _sign(change: paired_levels.LevelChange) -> Row:
    return {
        "n_discordant": change.n_up + change.n_down,
        "exact_p_value": change.p_value,
        "exact_method": "exact" if change.p_value is not None else None,
        "n_up": change.n_up,
        "n_down": change.n_down,
        "mean_change": change.mean_change,
        "mean_change_std_error": change.std_error,
        "null_reason": change.reason,
    }
