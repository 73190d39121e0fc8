"""Chapter on programmes: how much of each roster is known, and who takes part by country, sector and renewal."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.charts import Mark, bar_chart
from analytics.pages.number_format import SMALL_BASE, count_of, percent, percent_range, whole_number, words
from analytics.pages.published_table import PublishedTable, Section, headers, join_sources, query_of

if TYPE_CHECKING:
    import duckdb

INTRODUCTION = (
    "A roster row is a project, partnership or area that a programme names. Where the publisher prints a total, the "
    "missing rows are counted, and the range shows what they could change. Details follow for rosters of ten rows or "
    "more that state the status, the partner or the target country."
)
DIMENSIONS = {
    "status": "new and renewed",
    "partner_country": "partner country",
    "partner_area": "partner area",
    "target_country": "target country",
    "member_country": "country of the members",
    "partner_in_eu": "partner in the EU at the edition's date",
    "strand": "strand",
    "sector": "sector as printed",
}
# A roster that states one of these gets its details on the page; the others stand in the coverage table.
DETAILED = ("status", "partner_country", "target_country")
# Rows name several countries here.
SEVERAL = ("target_country", "member_country")
# More categories of one row than this stand in one line: a column of ones tells nothing.
MERGED_SINGLES = 4

ROWS = """
    select part.*, edition.edition, edition.title
    from stats.programme_participation as part join marts.dim_edition as edition using (edition_id)
    order by part.programme_code, part.is_synthetic, edition.reference_date, part.edition_id, part.fiscal_year,
             part.stage_code, part.dimension, part.category = 'not_stated', part.numerator desc,
             part.category, part.status_code
"""


def participation_section(connection: duckdb.DuckDBPyConnection) -> Section:
    """Coverage of every roster, then the details of those that are large enough to show."""
    rows = fetch_rows(connection, ROWS)
    coverage = [row for row in rows if row["dimension"] == "all"]
    tables = [_coverage_table(coverage)] if coverage else []

    def roster(row: Row) -> tuple[object, ...]:
        return tuple(
            row[name] for name in ("programme_code", "is_synthetic", "edition_id", "fiscal_year", "stage_code")
        )

    for _, group in groupby(rows, key=roster):
        tables += _roster_tables(list(group))
    return Section("participation", "Who takes part in which programme", INTRODUCTION, tables)


def _coverage_table(rows: list[Row]) -> PublishedTable:
    cells = [
        (
            row["title"],
            words(row["stage_code"]),
            whole_number(row["numerator"]),
            whole_number(row["published_total"]),
            whole_number(row["n_missing"]),
            percent(row["value"], row["base_n"]),
        )
        for row in rows
    ]
    return PublishedTable(
        anchor="coverage",
        title="How much of each roster is known",
        heads=headers("Roster", "Stage", "#Rows known", "#Published total", "#Missing", "#Known share"),
        rows=cells,
        unit="roster rows",
        base="published total of each roster and stage",
        n="see the table",
        missing="a dash under “Published total” means that no published total covers the rows: the gap is not known",
        source=join_sources(rows, "stats.programme_participation"),
        method=rows[0]["method"],
        query="select * from stats.programme_participation where dimension = 'all'",
        is_synthetic=any(row["is_synthetic"] for row in rows),
    )


def _roster_tables(rows: list[Row]) -> list[PublishedTable]:
    known = next(row["numerator"] for row in rows if row["dimension"] == "all")
    found = {dimension: [row for row in rows if row["dimension"] == dimension] for dimension in DIMENSIONS}
    if known < SMALL_BASE or not any(found[dimension] for dimension in DETAILED):
        return []
    split = [row for row in rows if row["dimension"] == "partner_country_by_status"]
    return [
        _dimension_table(dimension, parts, _country_chart(split, known) if dimension == "partner_country" else None)
        for dimension, parts in found.items()
        if parts
    ]


def _dimension_table(dimension: str, rows: list[Row], chart: str | None) -> PublishedTable:
    first = rows[0]
    n, total = first["base_n"], first["published_total"]
    singles = [row for row in rows if row["numerator"] == 1 and row["category"] != "not_stated"]
    is_merged = len(singles) > MERGED_SINGLES
    cells = [_category_cells(words(row["category"]), row) for row in rows if not (is_merged and row in singles)]
    if is_merged:
        names = ", ".join(words(row["category"]) for row in singles)
        residual = rows[-1]["category"] == "not_stated"
        cells.insert(len(cells) - residual, _category_cells(f"one each: {names}", singles[0]))
    footnotes = ("A partnership names several countries, so the shares do not add to 100 %.",) * (dimension in SEVERAL)
    missing = (
        "no published total covers these rows" if total is None else f"{first['n_missing']} of {total} rows not known"
    )
    name = first["title"]
    stage = f" ({words(first['stage_code'])})" if first["stage_code"] else ""
    return PublishedTable(
        anchor=f"roster-{first['edition_id'].replace('/', '-')}-{first['stage_code'] or 'all'}-{dimension}",
        title=f"By {DIMENSIONS[dimension]}: {name}{stage}",
        heads=headers(
            _sentence_case(DIMENSIONS[dimension]), "#Count", "#Share of known", "#Range over the published total"
        ),
        rows=cells,
        unit="roster rows; countries as ISO 3166-1 codes" if "country" in dimension else "roster rows",
        base=first["base"],
        n=str(n),
        missing=f"{missing}; {first['n_not_stated']} not stated",
        source=join_sources(rows, "stats.programme_participation"),
        method=first["method"],
        query=query_of("stats.programme_participation", edition_id=first["edition_id"], dimension=dimension),
        footnotes=footnotes,
        is_synthetic=first["is_synthetic"],
        chart=chart,
        chart_text=f"By {DIMENSIONS[dimension]}, {name}: " + "; ".join(" ".join(cell[:2]) for cell in cells),
    )


def _category_cells(label: str, row: Row) -> tuple[str, ...]:
    n = row["base_n"]
    return (
        label,
        count_of(row["numerator"], n),
        percent(row["value"], n),
        percent_range(row["lower"], row["upper"], n),
    )


def _country_chart(split: list[Row], known: int) -> str | None:
    if not split:
        return None
    totals: dict[str, int] = {}
    for row in split:
        totals[row["category"]] = totals.get(row["category"], 0) + row["numerator"]
    ordered = sorted(split, key=lambda row: (-totals[row["category"]], row["category"], words(row["status_code"])))
    has_status = any(row["status_code"] for row in split)
    marks = [
        Mark(
            words(row["category"]),
            row["numerator"],
            f"{row['numerator']} {words(row['status_code'])}" if has_status else str(row["numerator"]),
            part=words(row["status_code"]) if has_status else "",
        )
        for row in ordered
    ]
    return bar_chart(marks, f"roster rows known (n = {known})", split[0]["is_synthetic"])


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
