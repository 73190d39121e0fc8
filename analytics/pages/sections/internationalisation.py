"""Chapter on work abroad: the level as printed, our ordinal level, its parts, and moves between editions."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.charts import Mark, bar_chart
from analytics.pages.number_format import NO_NUMBER, count_of, percent, percent_range, whole_number, words
from analytics.pages.published_table import PublishedTable, Section, headers, join_sources, query_of
from analytics.topics.internationalisation import ORDINAL_RULE

if TYPE_CHECKING:
    import duckdb

INTRODUCTION = (
    "The level is shown as each edition prints it, beside our ordinal level from 0 to 4, which is a stated function of "
    "the parts, and the parts themselves. All listed clusters are counted, so no confidence interval is given."
)
SCALES = {
    "printed": "Level as printed",
    "ordinal": "Ordinal level, 0 to 4",
    "part": "Parts of the level",
}
LEVELS = """
    select level.*, edition.edition, edition.reference_date
    from stats.internationalisation_level as level join marts.dim_edition as edition using (edition_id)
    order by level.family, level.is_synthetic, edition.reference_date desc,
             case scale when 'printed' then 1 when 'ordinal' then 2 else 3 end,
             case when scale = 'ordinal' then level_code end, numerator desc, level_code
"""
MOVES = """
    select * from stats.level_transition
    order by family, from_edition_id, to_edition_id, is_synthetic, scale desc, from_level_code, to_level_code
"""
PAIR = ("from_edition_id", "to_edition_id", "is_synthetic")
TESTS = """
    select * from stats.level_transition_test
    order by family, from_edition_id, to_edition_id, is_synthetic, scale desc, test
"""
TEST_LABELS = {
    "bowker": "each move as frequent as its reverse (Bowker)",
    "stuart_maxwell": "each level as frequent before as after (Stuart, Maxwell)",
    "sign": "as many up as down (sign test)",
}


def internationalisation_section(connection: duckdb.DuckDBPyConnection) -> Section:
    """One table per edition and scale, newest edition first, then one matrix per pair and scale."""
    tables = []
    for _, group in groupby(fetch_rows(connection, LEVELS), key=itemgetter("edition_id", "is_synthetic", "scale")):
        tables.append(_level_table(list(group)))
    pair = itemgetter("from_edition_id", "to_edition_id", "is_synthetic", "scale")
    for _, group in groupby(fetch_rows(connection, MOVES), key=pair):
        tables.append(_matrix(list(group)))
    for _, group in groupby(fetch_rows(connection, TESTS), key=itemgetter(*PAIR)):
        tables.append(_test_table(list(group)))
    return Section("internationalisation", "Who works abroad", INTRODUCTION, tables)


def _level_table(rows: list[Row]) -> PublishedTable:
    first = rows[0]
    scale, n = first["scale"], first["base_n"]
    labels = [row["level_label"] or words(row["level_code"]) for row in rows]
    has_published = any(row["published_n"] is not None for row in rows)
    has_bounds = any(row["lower"] is not None for row in rows)
    heads = headers("Level" if scale != "part" else "Part", "#Count", "#Share")
    if has_bounds:
        heads += headers("#Range")
    if has_published:
        heads += headers("#Published", "!Agreement")
    cells = [_level_cells(label, row, has_bounds, has_published) for label, row in zip(labels, rows, strict=True)]
    chart = None
    if n >= 10 and scale == "printed":
        marks = [
            Mark(label, row["numerator"], f"{row['numerator']} ({percent(row['value'], n)})")
            for label, row in zip(labels, rows, strict=True)
        ]
        chart = bar_chart(marks, f"clusters (n = {n})", first["is_synthetic"])
    name = f"{words(first['family'])} {first['edition']}"
    return PublishedTable(
        anchor=f"level-{scale}-{first['family']}-{first['edition']}-{int(first['is_synthetic'])}",
        title=f"{SCALES[scale]}: {name}",
        heads=heads,
        rows=cells,
        unit="clusters; percent of the base",
        base=first["base"],
        n="see the table (differs by part)" if scale == "part" else str(n),
        missing=_missing(scale, max(row["n_not_stated"] for row in rows)),
        source=join_sources(rows, "stats.internationalisation_level"),
        method=first["method"],
        query=query_of("stats.internationalisation_level", edition_id=first["edition_id"], scale=scale),
        footnotes=_footnotes(rows),
        is_synthetic=first["is_synthetic"],
        chart=chart,
        chart_text=f"{SCALES[scale]}, {name}: " + "; ".join(f"{cell[0]} {cell[1]}" for cell in cells),
    )


def _missing(scale: str, not_stated: int) -> str:
    if scale == "ordinal":
        return f"{not_stated} with at least one part not stated, so that their level is a lower bound"
    return f"{'up to ' * (scale == 'part')}{not_stated} not stated"


def _footnotes(rows: list[Row]) -> tuple[str, ...]:
    notes = []
    if rows[0]["scale"] == "ordinal":
        notes.append(f"How the level follows from the parts. {ORDINAL_RULE}.")
    if any(row["lower"] is not None for row in rows):
        notes.append("Range: share of all listed, with what is not stated counted against and for it.")
    if any(row["value"] is None for row in rows):
        notes.append(
            "No share: rosters and lists of agreements can show a part and never deny it, so only the range is known."
        )
    if any(row["is_by_construction"] for row in rows):
        notes.append(
            "“by construction”: the synthetic rows were made to meet the published count; it confirms nothing."
        )
    return tuple(notes)


def _level_cells(label: str, row: Row, has_bounds: bool, has_published: bool) -> tuple[str, ...]:
    cells: tuple[str, ...] = (label, count_of(row["numerator"], row["base_n"]), percent(row["value"], row["base_n"]))
    if has_bounds:
        cells += (percent_range(row["lower"], row["upper"], None),)
    if not has_published:
        return cells
    agreement = "–"
    if row["published_n"] is not None:
        agreement = "equal" if row["published_n"] == row["numerator"] else "differs"
    if row["is_by_construction"]:
        agreement = "by construction"
    return (*cells, whole_number(row["published_n"]), agreement)


def _matrix(rows: list[Row]) -> PublishedTable:
    first = rows[0]
    levels = sorted({row["from_level_code"] for row in rows} | {row["to_level_code"] for row in rows})
    counts = {(row["from_level_code"], row["to_level_code"]): row for row in rows}
    bases = {row["from_level_code"]: row["base_n"] for row in rows}
    cells = [
        (words(before), *(_move(counts.get((before, after))) for after in levels), whole_number(bases[before]))
        for before in levels
        if before in bases
    ]
    before, after = first["from_edition_id"].rpartition("/")[2], first["to_edition_id"].rpartition("/")[2]
    scale = first["scale"]
    return PublishedTable(
        anchor=f"transition-{scale}-{first['family']}-{before}-{after}-{int(first['is_synthetic'])}",
        title=f"Moves between levels ({SCALES[scale].lower()}): {words(first['family'])}, {before} to {after}",
        heads=headers(f"{before} ↓ / {after} →", *(f"#{words(level)}" for level in levels), "#All"),
        rows=cells,
        unit="clusters; in brackets percent of the row, where the row holds 10 or more",
        base=first["base"].partition(", at level")[0],
        n=str(first["n_both"]),
        missing="clusters listed in one of the two editions only are not in the matrix",
        source="stats.level_transition",
        method=first["method"],
        query=query_of(
            "stats.level_transition",
            from_edition_id=first["from_edition_id"],
            to_edition_id=first["to_edition_id"],
            scale=scale,
        ),
        is_synthetic=first["is_synthetic"],
    )


def _move(row: Row | None) -> str:
    if row is None or not row["numerator"]:
        return "·"
    return (
        f"{row['numerator']} ({percent(row['value'], row['base_n'])})" if row["base_n"] >= 10 else str(row["numerator"])
    )


def _test_table(rows: list[Row]) -> PublishedTable:
    first = rows[0]
    before, after = first["from_edition_id"].rpartition("/")[2], first["to_edition_id"].rpartition("/")[2]
    reasons = {row["null_reason"] for row in rows if row["null_reason"]}
    return PublishedTable(
        anchor=f"transition-test-{first['family']}-{before}-{after}-{int(first['is_synthetic'])}",
        title=f"Do the moves balance? {words(first['family'])}, {before} to {after}",
        heads=headers("Scale", "Asked", "#Clusters", "#Moved", "#Chi-squared", "#df", "#p", "#Exact p"),
        rows=[
            (
                SCALES[row["scale"]],
                TEST_LABELS[row["test"]],
                whole_number(row["n"]),
                whole_number(row["n_discordant"]),
                _decimal(row["statistic"], 2),
                whole_number(row["df"]),
                _decimal(row["p_value"], 3),
                _decimal(row["exact_p_value"], 3),
            )
            for row in rows
        ],
        unit="clusters; p from 0 to 1",
        base=first["base"],
        n="see the table (differs by scale)",
        missing=f"up to {max(row['n_not_stated'] for row in rows)} without a level in one of the editions, left out",
        source="stats.level_transition_test",
        method="; ".join(dict.fromkeys(row["method"] for row in rows)),
        query=query_of(
            "stats.level_transition_test",
            from_edition_id=first["from_edition_id"],
            to_edition_id=first["to_edition_id"],
        ),
        footnotes=tuple(f"Not given: {reason}." for reason in sorted(reasons)),
        is_synthetic=first["is_synthetic"],
    )


def _decimal(value: float | None, digits: int) -> str:
    if value is None:
        return NO_NUMBER
    least = 10.0**-digits
    return f"< {least:.{digits}f}" if 0 < value < least else f"{value:.{digits}f}"
