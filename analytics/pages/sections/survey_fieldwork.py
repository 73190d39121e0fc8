"""Chapter on the fieldwork of survey waves: dispositions and outcome rates, design, the CHERRIES items.

Belongs here: how each wave came about, with what nobody documented said as such. Does not belong here: what was
answered (the codebook of a wave).
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.number_format import count_of, percent, words
from analytics.pages.published_table import PublishedTable, Section, has_rows, headers, query_of
from analytics.statistics.outcome_rates import RATES
from analytics.survey_weights import weights_refusal

if TYPE_CHECKING:
    import duckdb

INTRODUCTION = (
    "Who was asked, who answered, and what is known of the rest. A rate is given only where the dispositions that it "
    "needs are documented and the link was closed; otherwise the reason stands in its place."
)
NOT_DOCUMENTED = "not documented"
COUNTS = {
    "n_complete": "I: complete", "n_partial": "P: partial", "n_refusal": "R: refused or broken off",
    "n_non_contact": "NC: not reached", "n_other": "O: other", "n_unknown": "U: eligibility unknown",
}  # fmt: skip
QUERY = "select * from stats.survey_outcome_rate order by edition_id, is_synthetic"
DOCUMENTED = """
    select edition_id, aspect as code, '' as item, statement as answer, reason, is_synthetic, 0 as place
    from marts.fct_survey_design
    union all
    select edition_id, item_code, item_en, answer, null, is_synthetic, item_no from marts.fct_survey_cherries
    order by edition_id, place, code
"""


def fieldwork_section(connection: duckdb.DuckDBPyConnection) -> Section:
    """Two tables per wave; none where the file holds no wave."""
    tables = []
    if has_rows(connection, "stats.survey_outcome_rate"):
        rates = fetch_rows(connection, QUERY)
        tables += [_rate_table(list(rows)) for _, rows in groupby(rates, key=lambda row: row["edition_id"])]
    if has_rows(connection, "marts.fct_survey_cherries"):
        said = fetch_rows(connection, DOCUMENTED)
        for edition_id, rows in groupby(said, key=lambda row: row["edition_id"]):
            tables.append(_documented_table(list(rows), weights_refusal(connection, edition_id)))
    return Section("fieldwork", "How surveys were carried out", INTRODUCTION, tables)


def _rate_table(rows: list[Row]) -> PublishedTable:
    first = rows[0]
    counts = [(label, _known(first[name]), "", "") for name, label in COUNTS.items()]
    share = first["eligible_share"]
    e = ("e: eligible share of U", "", NOT_DOCUMENTED if share is None else f"{share:.3g}", "")
    by_name = {row["statistic"]: row for row in rows}
    rates = [
        (
            name,
            _fraction(by_name[name]),
            percent(by_name[name]["value"], by_name[name]["base_n"]),
            by_name[name]["null_reason"] or formula,
        )
        for name, formula in RATES.items()
    ]
    undocumented = [label for name, label in COUNTS.items() if first[name] is None]
    return PublishedTable(
        anchor=f"fieldwork-{_anchor(first)}",
        title=f"Dispositions and outcome rates: {_title(first)}",
        heads=headers("Disposition or rate", "#Count", "#Rate", "Formula, or why there is no rate"),
        rows=[*counts, e, *rates],
        unit="counts of units; percent of what stands below the line",
        base=str(by_name["RR1"]["base"]),
        n=f"{first['n_complete']} complete and {first['n_partial']} partial responses",
        missing="; ".join(f"{label} {NOT_DOCUMENTED}" for label in undocumented) or "none",
        source="stats.survey_outcome_rate",
        method="AAPOR Standard Definitions, 9th edition (2016); e: "
        + (first["eligible_share_basis"] or NOT_DOCUMENTED),
        query=query_of("stats.survey_outcome_rate", edition_id=first["edition_id"]),
        is_synthetic=first["is_synthetic"],
    )


def _documented_table(rows: list[Row], refusal: str | None) -> PublishedTable:
    first = rows[0]
    n_said = sum(row["answer"] is not None for row in rows)
    return PublishedTable(
        anchor=f"documented-{_anchor(first)}",
        title=f"Design and CHERRIES checklist: {_title(first)}",
        heads=headers("Item|45", "What is documented|55"),
        rows=[(row["item"] or f"Design: {words(row['code'])}", _answer(row)) for row in rows],
        unit="words",
        base="every aspect of a design and every item of the checklist",
        n=f"{n_said} of {len(rows)} documented",
        missing=f"{len(rows) - n_said} {NOT_DOCUMENTED}",
        source="marts.fct_survey_design | marts.fct_survey_cherries",
        method="as the card says, else computed from the file; checklist: Eysenbach 2004, J Med Internet Res 6(3):e34",
        query=query_of("marts.fct_survey_cherries", edition_id=first["edition_id"]),
        footnotes=(f"No weighted numbers: {refusal}." if refusal else "Weighted numbers stand beside the unweighted.",),
        is_synthetic=first["is_synthetic"],
    )


def _answer(row: Row) -> str:
    if row["answer"] is None:
        return NOT_DOCUMENTED
    return f"{row['answer']} (cannot be used: {row['reason']})" if row["reason"] else str(row["answer"])


def _fraction(row: Row) -> str:
    """Above and below the line; below it may stand a share of the unknown."""
    if row["value"] is None:
        return ""
    if row["base_n"] is not None:
        return count_of(row["numerator"], row["base_n"])
    return f"{row['numerator']:,} of {row['denominator']:,.1f}"


def _known(count: int | None) -> str:
    return NOT_DOCUMENTED if count is None else f"{count:,}"


def _title(row: Row) -> str:
    return str(row["edition_id"]).replace("_", " ")


def _anchor(row: Row) -> str:
    return str(row["edition_id"]).replace("/", "-")
