"""Chapter on programmes: how much of each roster is known, and who takes part by country, sector and renewal."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.charts import Mark, bar_chart
from analytics.pages.number_format import (
    SMALL_BASE,
    count_of,
    number_range,
    percent,
    percent_range,
    whole_number,
    words,
)
from analytics.pages.published_table import PublishedTable, Section, headers, join_sources, query_of

if TYPE_CHECKING:
    import duckdb

INTRODUCTION = (
    "A roster row is a project, partnership or area that a programme names. Where the publisher prints a total, the "
    "missing rows are counted, and the range shows what they could change. “Inferred” rows are stated by no source. "
    "Details follow for rosters of ten rows or more that state the status, the partner or the target country."
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

SEVERAL_NOTE = "A partnership names several countries, so the shares do not add to 100 %."
INFERRED_ROW = "Inferred: no source states that the row belongs to this edition."
INFERRED_STATUS = "Inferred: no source states the status; the row is only known not to be among the new ones."
UNKNOWN_GAP = "how many are missing is not known"
# From this many partnerships on, a country that one source alone carries gets a note.
SEVERAL_CLAIMS = 3

TARGET_CLAIMS = """
    with claim as (
        select distinct partnership_edition_id as edition_id, partnership_code, country_code,
               coalesce(source_title, cited_source) as source
        from marts.bridge_partnership_target
        where partnership_edition_id is not null and country_code is not null
    ),
    compared as (
        select *, exists (
                   from claim as other where other.partnership_code = claim.partnership_code
                   and other.edition_id = claim.edition_id and other.source <> claim.source
               ) as has_other,
               exists (
                   from claim as other where other.partnership_code = claim.partnership_code
                   and other.edition_id = claim.edition_id and other.source <> claim.source
                   and other.country_code = claim.country_code
               ) as is_confirmed,
               count(distinct partnership_code) over (partition by edition_id, country_code) as n_named
        from claim
    )
    select edition_id, country_code, source, n_named, count(*) as n_source,
           count(*) filter (where has_other and not is_confirmed) as n_contested,
           count(*) filter (where not has_other) as n_alone
    from compared
    group by all
    having count(*) >= $several
    order by all
"""

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
    claims = _target_claims(connection)
    coverage = [row for row in rows if row["dimension"] == "all"]
    tables = [_coverage_table(coverage)] if coverage else []

    def roster(row: Row) -> tuple[object, ...]:
        return tuple(
            row[name] for name in ("programme_code", "is_synthetic", "edition_id", "fiscal_year", "stage_code")
        )

    for _, group in groupby(rows, key=roster):
        tables += _roster_tables(list(group), claims)
    return Section("participation", "Who takes part in which programme", INTRODUCTION, tables)


def _coverage_table(rows: list[Row]) -> PublishedTable:
    cells = [
        (
            row["title"],
            words(row["stage_code"]),
            whole_number(row["numerator"]),
            whole_number(row["n_inferred"]),
            _total(row),
            _missing(row),
            percent_range(row["lower"], row["upper"], None)
            if row["value"] is None
            else percent(row["value"], row["base_n"]),
        )
        for row in rows
    ]
    return PublishedTable(
        anchor="coverage",
        title="How much of each roster is known",
        heads=headers(
            "Roster", "Stage", "#Rows known", "#of them inferred", "#Published total", "#Missing", "#Known share"
        ),
        rows=cells,
        unit="roster rows",
        base="published total of each roster and stage",
        n="see the table",
        missing="a dash under “Published total” means that no published total covers the rows: the gap is not known",
        source=join_sources(rows, "stats.programme_participation"),
        method=rows[0]["method"],
        query="select * from stats.programme_participation where dimension = 'all'",
        footnotes=tuple(
            f"{row['title']}{_stage(row)}: {row['null_reason']}."
            for row in rows
            if row["null_reason"] and not row["null_reason"].endswith(UNKNOWN_GAP)
        ),
        is_synthetic=any(row["is_synthetic"] for row in rows),
    )


def _total(row: Row) -> str:
    lowest, highest = row["published_total"], row["published_total_highest"]
    return whole_number(lowest) if lowest == highest else number_range(lowest, highest)


def _missing(row: Row) -> str:
    spread = 0 if row["n_missing"] is None else row["published_total_highest"] - row["published_total"]
    return number_range(row["n_missing"], row["n_missing"] + spread) if spread else whole_number(row["n_missing"])


def _stage(row: Row) -> str:
    return f" ({words(row['stage_code'])})" if row["stage_code"] else ""


def _roster_tables(rows: list[Row], claims: dict[str, tuple[str, ...]]) -> list[PublishedTable]:
    known = next(row["numerator"] for row in rows if row["dimension"] == "all")
    found = {dimension: [row for row in rows if row["dimension"] == dimension] for dimension in DIMENSIONS}
    if known < SMALL_BASE or not any(found[dimension] for dimension in DETAILED):
        return []
    split = [row for row in rows if row["dimension"] == "partner_country_by_status"]
    return [
        _dimension_table(
            dimension,
            parts,
            _country_chart(split, known) if dimension == "partner_country" else None,
            claims.get(parts[0]["edition_id"], ()) if dimension == "target_country" else (),
        )
        for dimension, parts in found.items()
        if parts
    ]


def _dimension_table(dimension: str, rows: list[Row], chart: str | None, claims: tuple[str, ...]) -> PublishedTable:
    first = rows[0]
    n = first["base_n"]
    singles = [row for row in rows if row["numerator"] == 1 and row["category"] != "not_stated"]
    is_merged = len(singles) > MERGED_SINGLES
    shown = [row for row in rows if not (is_merged and row in singles)]
    has_inferred = any(row["n_inferred"] for row in rows)
    has_published = any(row["published_n"] is not None for row in rows)
    cells = [_category_cells(_category(row), row, has_inferred, has_published) for row in shown]
    if is_merged:
        names = ", ".join(words(row["category"]) for row in singles)
        inferred = {"n_inferred": sum(row["n_inferred"] or 0 for row in singles), "published_n": None}
        each = _category_cells(f"one each: {names}", singles[0] | inferred, has_inferred, has_published)
        cells.insert(len(cells) - (rows[-1]["category"] == "not_stated"), each)
    heads = headers(_sentence_case(DIMENSIONS[dimension]), "#Count")
    heads += headers("#of them inferred") * has_inferred + headers("#Published") * has_published
    missing = (
        first["null_reason"] or "no published total covers these rows"
        if first["published_total"] is None
        else f"{_missing(first)} of {_total(first)} rows not known"
    )
    return PublishedTable(
        anchor=f"roster-{first['edition_id'].replace('/', '-')}-{first['stage_code'] or 'all'}-{dimension}",
        title=f"By {DIMENSIONS[dimension]}: {first['title']}{_stage(first)}",
        heads=(*heads, *headers("#Share of known", "#Range over the published total")),
        rows=cells,
        unit="roster rows; countries as ISO 3166-1 codes" if "country" in dimension else "roster rows",
        base=first["base"],
        n=str(n),
        missing=f"{missing}; {first['n_not_stated']} not stated",
        source=join_sources(rows, "stats.programme_participation"),
        method=first["method"],
        query=query_of("stats.programme_participation", edition_id=first["edition_id"], dimension=dimension),
        footnotes=(
            *((SEVERAL_NOTE,) if dimension in SEVERAL else ()),
            *((INFERRED_STATUS if dimension == "status" else INFERRED_ROW,) if has_inferred else ()),
            *claims,
        ),
        is_synthetic=first["is_synthetic"],
        chart=chart,
        chart_text=f"By {DIMENSIONS[dimension]}, {first['title']}: " + "; ".join(" ".join(cell[:2]) for cell in cells),
    )


def _category(row: Row) -> str:
    """A status says how it is known: printed by the source, or only that the row is not among the new."""
    if row["dimension"] != "status" or row["category"] == "not_stated":
        return words(row["category"])
    if row["category"] == "renewed" and row["n_inferred"] == row["numerator"]:
        return "not among the new (renewal inferred)"
    return f"{words(row['category'])}, as published" if row["n_inferred"] == 0 else words(row["category"])


def _category_cells(label: str, row: Row, has_inferred: bool, has_published: bool) -> tuple[str, ...]:
    n = row["base_n"]
    return (
        label,
        count_of(row["numerator"], n),
        *((whole_number(row["n_inferred"]),) if has_inferred else ()),
        *((whole_number(row["published_n"]),) if has_published else ()),
        percent(row["value"], n),
        percent_range(row["lower"], row["upper"], n),
    )


def _target_claims(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, ...]]:
    """Edition -> one footnote per country that a single source names for several partnerships."""
    notes: dict[str, tuple[str, ...]] = {}
    for row in fetch_rows(connection, TARGET_CLAIMS, {"several": SEVERAL_CLAIMS}):
        note = f"{row['country_code']}: {row['n_source']} of {row['n_named']} are claims of “{row['source']}”"
        if row["n_contested"]:
            note += f"; for {row['n_contested']} of these another page lists target countries without this one"
        if row["n_alone"]:
            note += f"; no other page with target countries was found for {row['n_alone']}"
        notes[row["edition_id"]] = (*notes.get(row["edition_id"], ()), note + ".")
    return notes


def _country_chart(split: list[Row], known: int) -> str | None:
    if not split:
        return None
    totals: dict[str, int] = {}
    for row in split:
        totals[row["category"]] = totals.get(row["category"], 0) + row["numerator"]
    ordered = sorted(split, key=lambda row: (-totals[row["category"]], row["category"], words(row["status_code"])))
    has_status = any(row["status_code"] for row in split)
    sure = {row["status_code"] for row in split if row["n_inferred"] < row["numerator"]}

    def status(row: Row) -> str:
        return words(row["status_code"]) + ("" if row["status_code"] in sure else " (inferred)")

    marks = [
        Mark(
            words(row["category"]),
            row["numerator"],
            f"{row['numerator']} {words(row['status_code'])}" if has_status else str(row["numerator"]),
            part=status(row) if has_status else "",
        )
        for row in ordered
    ]
    return bar_chart(marks, f"roster rows known (n = {known})", split[0]["is_synthetic"])


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
