"""Chapter on survival: what published totals allow, the shares of each pair of editions, outcomes and parts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.charts import Mark, range_chart
from analytics.pages.number_format import NO_NUMBER, count_of, number_range, percent, percent_range, whole_number, words
from analytics.pages.published_table import Header, PublishedTable, Section, headers, join_sources, query_of

if TYPE_CHECKING:
    import duckdb

SHARE_LABELS = {
    "stock_survival_share": "survived",
    "death_share": "died",
    "restructured_share": "merged, absorbed or broken up",
    "out_of_scope_share": "left the scope",
    "unknown_share": "unknown",
}
CANNOT_BE_SAID = "cannot be said"
RANGE_NOTE = "Range: every unknown outcome counted against, and every unknown outcome counted for."
COHORT_NOTE = (
    "Founded in those years but gone before the first edition: not seen. The shares lie above true cohort survival."
)
OUTCOME_ORDER = (
    "survived_unchanged", "survived_changed", "survived_by_takeover", "merged", "absorbed", "broken_up", "died",
    "out_of_scope", "unknown",
)  # fmt: skip
NO_SAMPLING = (
    "Lists of organisations are meant to be complete, so there is no sampling error: the range shows what the unknown "
    "outcomes could change (all gone to all alive), not a confidence interval. Programme rosters are known only in "
    "part: an entry that is not found again may stand among the rows we do not have, so no share is given for them."
)

SHARES = """
    select survival.*, edition.kind, edition.reference_date, edition.edition as from_edition,
           edition.title as from_title, target.edition as to_edition, target.title as to_title,
           target.reference_date as to_date
    from stats.survival_share as survival
    join marts.dim_edition as edition on edition.edition_id = survival.from_edition_id
    join marts.dim_edition as target on target.edition_id = survival.to_edition_id
    order by edition.kind, survival.family, survival.is_synthetic, edition.reference_date, target.reference_date,
             survival.founded_from nulls first, survival.base_n desc, survival.domain, survival.estimate_id
"""


def survival_section(connection: duckdb.DuckDBPyConnection) -> Section:
    """Bounds from totals first, since they are real; then every pair of organisation lists; rosters in one table."""
    rows = fetch_rows(connection, SHARES)
    lists = [row for row in rows if row["kind"] == "organisation_list"]
    tables = _bound_tables(fetch_rows(connection, BOUNDS))

    def pair(row: Row) -> tuple[str, str, str, bool]:
        return row["family"], row["from_edition_id"], row["to_edition_id"], row["is_synthetic"]

    for _, group in groupby(lists, key=pair):
        tables += _pair_tables(list(group))
    rosters = [row for row in rows if row["kind"] != "organisation_list" and row["domain"] == "all"]
    tables += _roster_table(rosters)
    return Section("survival", "Who is still there", INTRODUCTION, tables)


INTRODUCTION = (
    "Everything listed in one edition is followed to a later one and gets exactly one of nine outcomes. “Not listed” "
    "is not “dead”: without strong evidence the outcome is unknown. " + NO_SAMPLING
)

BOUNDS = "select * from stats.mapping_bound order by family, from_edition_id, to_edition_id"
BOUND_LABELS = {
    "surviving_organisations": "organisations in both editions",
    "surviving_projects": "projects in both editions",
    "new_entrants": "new in the later edition",
    "leavers": "gone from the later edition",
    "stock_survival_share": "share of the earlier edition still listed",
}


def _bound_tables(rows: list[Row]) -> list[PublishedTable]:
    tables = []
    for (family, first, second), group in groupby(
        rows, key=lambda row: (row["family"], row["from_edition_id"], row["to_edition_id"])
    ):
        found = list(group)
        unit = next(row["unit"] for row in found if row["unit"] != "share")
        name = f"{words(family)}, {first.rpartition('/')[2]} to {second.rpartition('/')[2]}"
        cells = [
            (
                BOUND_LABELS[row["statistic"]],
                percent_range(row["lower"], row["upper"], row["base_n"])
                if row["unit"] == "share"
                else number_range(row["lower"], row["upper"]),
                row["method"].partition(";")[0],
            )
            for row in sorted(found, key=lambda row: [*BOUND_LABELS].index(row["statistic"]))
        ]
        totals = f"{found[0]['from_total']} in the earlier and {found[0]['to_total']} in the later edition"
        tables.append(
            PublishedTable(
                anchor=f"bound-{family}-{first.rpartition('/')[2]}-{second.rpartition('/')[2]}",
                title=f"What the published totals alone allow: {name}",
                heads=headers("Quantity", "#Possible range", "How it follows"),
                rows=cells,
                unit=f"{unit}; percent for the share",
                base=f"{unit} counted in print by the two editions",
                n=totals,
                missing="which of them stand in both editions is not published",
                source=join_sources(found, "stats.mapping_bound"),
                method="arithmetic of the two published totals; no synthetic row is used",
                query=query_of("stats.mapping_bound", family=family),
            )
        )
    return tables


def _pair_tables(rows: list[Row]) -> list[PublishedTable]:
    whole = [row for row in rows if row["domain"] == "all"]
    shares = sorted(
        (row for row in whole if row["statistic"] in SHARE_LABELS),
        key=lambda row: [*SHARE_LABELS].index(row["statistic"]),
    )
    tables = [_share_table(rows, shares), _outcome_table(whole)]
    for prefix, statistic, title in (
        ("sector", "stock_survival_share", "Survival by sector"),
        ("founded", "cohort_survival_share", "Survival by founding years (cohorts)"),
    ):
        parts = [row for row in rows if row["domain"].startswith(prefix) and row["statistic"] == statistic]
        if len(parts) > 1:
            tables.append(_part_table(parts, title, prefix))
    return tables


def _share_table(rows: list[Row], shares: list[Row]) -> PublishedTable:
    first = shares[0]
    annual = next(row for row in rows if row["statistic"] == "annual_equivalent_survival" and row["domain"] == "all")
    n = first["base_n"]
    cells = [_cells(SHARE_LABELS[row["statistic"]], row) for row in shares]
    cells.append(
        (
            "survived, as yearly equivalent",
            "–",
            percent(annual["value"], n),
            percent_range(annual["lower"], annual["upper"], n),
        )
    )
    marks = [
        Mark(SHARE_LABELS[row["statistic"]], row["value"], _chart_text(row), row["lower"], row["upper"])
        for row in shares
        if row["value"] is not None
    ]
    return _table(
        "share",
        "What became of those listed",
        first,
        headers("Outcome group", "#Count", "#Share", "#Range"),
        cells,
        method=f"{first['method']}; yearly equivalent = share ^ (1 / {first['years']:.1f} years)",
        statistic=f"statistic in ({', '.join(repr(name) for name in SHARE_LABELS)})",
        # A picture of shares on fewer than ten units would show percentages that the table withholds.
        chart=range_chart(marks, f"share of the {n} listed, %", first["is_synthetic"]) if n >= 10 else None,
        footnotes=(RANGE_NOTE, "“Survived” is a share of the whole stock listed, not of one birth cohort."),
    )


def _outcome_table(whole: list[Row]) -> PublishedTable:
    outcomes = sorted(
        (row for row in whole if row["statistic"] == "outcome_share"),
        key=lambda row: OUTCOME_ORDER.index(row["outcome_code"]),
    )
    provisional = outcomes[0]["n_provisional"]
    return _table(
        "outcome",
        "The nine outcomes",
        outcomes[0],
        headers("Outcome", "#Count", "#Share", "#Range"),
        [_cells(words(row["outcome_code"]), row) for row in outcomes],
        method="each outcome / units at risk; the shares add to 100 %",
        statistic="statistic = 'outcome_share'",
        footnotes=(f"Provisional exits (seen less than two years before the newest edition): {provisional}.",),
    )


def _part_table(parts: list[Row], title: str, prefix: str) -> PublishedTable:
    footnotes: tuple[str, ...] = ("No percentage is shown on a base under 10; the counts stand instead.",)
    if prefix == "founded":
        footnotes += (COHORT_NOTE,)
    return _table(
        prefix,
        title,
        parts[0]
        | {"base": parts[0]["base"].partition(f", {parts[0]['domain']}")[0]}
        | {name: sum(row[name] for row in parts) for name in ("base_n", "n_unknown")},
        headers(prefix.capitalize(), "#Survived", "#Share", "#Range"),
        [_cells(words(row["domain"].removeprefix(prefix).strip()), row) for row in parts],
        method=parts[0]["method"],
        statistic=f"domain like '{prefix}%'",
        footnotes=footnotes,
    )


def _table(
    kind: str,
    title: str,
    row: Row,
    heads: tuple[Header, ...],
    cells: list[tuple[str, ...]],
    *,
    method: str,
    statistic: str,
    footnotes: tuple[str, ...],
    chart: str | None = None,
) -> PublishedTable:
    pair = f"{row['from_edition']} to {row['to_edition']}"
    return PublishedTable(
        anchor=f"{kind}-{row['family']}-{row['from_edition']}-{row['to_edition']}-{int(row['is_synthetic'])}",
        title=f"{title}: {words(row['family'])}, {pair}",
        heads=heads,
        rows=cells,
        unit=f"{row['base'].partition(' listed in ')[0]}; percent of the base",
        base=row["base"],
        n=str(row["base_n"]),
        missing=f"{row['n_unknown']} with unknown outcome",
        source=f"stats.survival_share, from marts.fct_cluster_survival (method version {row['method_version']})",
        method=method,
        query=query_of(
            "stats.survival_share",
            statistic,
            from_edition_id=row["from_edition_id"],
            to_edition_id=row["to_edition_id"],
        ),
        footnotes=footnotes,
        is_synthetic=row["is_synthetic"],
        chart=chart,
        chart_text=f"{title}, {pair}: {'; '.join(' '.join(cell[:3]) for cell in cells)}",
    )


def _roster_table(rows: list[Row]) -> list[PublishedTable]:
    survived = [row for row in rows if row["statistic"] == "stock_survival_share"]
    if not survived:
        return []
    cells = [
        (
            row["from_title"],
            row["to_title"],
            count_of(row["numerator"], row["base_n"]),
            whole_number(row["n_unknown"]),
            CANNOT_BE_SAID if row["value"] is None else percent(row["value"], row["base_n"]),
            percent_range(row["lower"], row["upper"], row["base_n"]),
            row["null_reason"] or NO_NUMBER,
        )
        for row in survived
        if row["is_adjacent"]
    ]
    return [
        PublishedTable(
            anchor="roster-continuation",
            title="Programme rosters: entries found again in the next edition we hold",
            heads=headers("From", "To", "#Found again", "#Unknown", "#Share", "#Range", "Why"),
            rows=cells,
            unit="roster entries; percent of the base",
            base="entries of the earlier roster known to us",
            n="see the table",
            missing="rosters are known in part; an entry that is not found again may stand among the missing rows",
            source="stats.survival_share",
            method=survived[0]["method"],
            query="select * from stats.survival_share where statistic = 'stock_survival_share' and is_adjacent",
            is_synthetic=any(row["is_synthetic"] for row in survived),
        )
    ]


def _cells(label: str, row: Row) -> tuple[str, ...]:
    n = row["base_n"]
    return (
        label,
        count_of(row["numerator"], n),
        percent(row["value"], n),
        percent_range(row["lower"], row["upper"], n),
    )


def _chart_text(row: Row) -> str:
    text = f"{percent(row['value'], row['base_n'])} ({row['numerator']})"
    spread = percent_range(row["lower"], row["upper"], row["base_n"])
    return text if spread == "–" else f"{text}, range {spread}"
