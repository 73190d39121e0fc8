"""Chapter on surveys: published results, with an interval where the published counts allow one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.pages.charts import Mark, range_chart
from analytics.pages.number_format import SMALL_BASE, count_of, percent, percent_range
from analytics.pages.published_table import PublishedTable, Section, headers, join_sources, query_of

if TYPE_CHECKING:
    import duckdb

INTRODUCTION = (
    "Results as their publishers print them. An interval needs a count and a base; where only a percentage was "
    "published there is none, and the reason is given. A share of those contacted is never called a response rate."
)
MORE_THAN = {"gt": "more than ", "ge": "at least ", "lt": "less than ", "le": "at most ", "approx": "about "}
ROWS = """
    select result.*, coalesce(survey.title || ' (' || survey_code || ')', survey_code) as survey_title, survey.owner,
           survey.population_printed, survey.mode_printed, survey.fieldwork_start_printed, survey.fieldwork_end_printed
    from stats.survey_result as result
    left join (select * from marts.dim_survey where is_current) as survey using (survey_code)
    order by survey_code, question, numerator desc, value desc, answer
"""


def survey_section(connection: duckdb.DuckDBPyConnection) -> Section:
    """One table per survey with numbers; what was named without a number comes last, in one table."""
    rows = fetch_rows(connection, ROWS)
    numbered = [row for row in rows if row["value"] is not None]
    tables = [_survey_table(list(group)) for _, group in groupby(numbered, key=lambda row: row["survey_code"])]
    named = [row for row in rows if row["value"] is None]
    if named:
        tables.append(_named_table(named))
    return Section("survey", "What surveys say", INTRODUCTION, tables)


def _survey_table(rows: list[Row]) -> PublishedTable:
    first = rows[0]
    cells = [
        (
            row["question"],
            row["answer"],
            count_of(row["numerator"], row["base_n"]),
            MORE_THAN.get(row["comparator_code"], "") + percent(row["value"], row["base_n"]),
            percent_range(row["lower"], row["upper"], row["base_n"]),
        )
        for row in rows
    ]
    with_interval = [row for row in rows if row["lower"] is not None and row["base_n"] >= SMALL_BASE]
    chart = None
    if with_interval:
        marks = [
            Mark(
                row["answer"],
                row["value"],
                f"{percent(row['value'], row['base_n'])} ({percent_range(row['lower'], row['upper'], row['base_n'])})",
                row["lower"],
                row["upper"],
            )
            for row in with_interval
        ]
        chart = range_chart(marks, f"share of answers, % (n = {with_interval[0]['base_n']})", first["is_synthetic"])
    reasons = tuple(dict.fromkeys(f"No interval: {row['null_reason']}." for row in rows if row["null_reason"]))
    contacted = ("This is a share of those contacted, not a response rate.",) * any(
        row["statistic"] == "share_of_contacted" for row in rows
    )
    invited, answered = first["population_n"], first["responses_n"]
    return PublishedTable(
        anchor=f"survey-{first['survey_code']}",
        title=f"Published results: {first['survey_title']}",
        heads=headers("Question", "Answer", "#Count", "#Share", "#95 % interval"),
        rows=cells,
        unit="percent of the base",
        base=_base(rows),
        n=f"{invited} contacted" if contacted else f"{_known(answered)} answered; {_known(invited)} invited",
        missing="none, all contacted are counted" if contacted else _not_answered(invited, answered),
        source=join_sources(rows, "stats.survey_result"),
        method="; ".join(dict.fromkeys(f"{row['method']} [{row['interval_method']}]" for row in rows)),
        query=query_of("stats.survey_result", survey_code=first["survey_code"]),
        footnotes=(*contacted, *reasons),
        is_synthetic=any(row["is_synthetic"] for row in rows),
        chart=chart,
        chart_text="; ".join(f"{cell[1]} {cell[3]}" for cell in cells),
    )


def _named_table(rows: list[Row]) -> PublishedTable:
    return PublishedTable(
        anchor="survey-named",
        title="Named in a source without a number",
        heads=headers("Survey", "Question", "Answers named"),
        rows=[
            (title, question, "; ".join(row["answer"] for row in group))
            for (title, question), group in groupby(rows, key=lambda row: (row["survey_title"], row["question"]))
        ],
        unit="no number",
        base="not published",
        n="not published",
        missing="all numbers",
        source=join_sources(rows, "stats.survey_result"),
        method="kept as named; nothing is estimated",
        query="select * from stats.survey_result where value is null",
        is_synthetic=any(row["is_synthetic"] for row in rows),
    )


def _base(rows: list[Row]) -> str:
    """The base in words, with population, owner, mode and fieldwork as far as they were published."""
    first = rows[0]
    fieldwork = " to ".join(
        str(first[name]) for name in ("fieldwork_start_printed", "fieldwork_end_printed") if first[name]
    )
    facts = {
        "population": first["population_printed"],
        "by": first["owner"],
        "mode": first["mode_printed"],
        "fieldwork": fieldwork,
    }
    known = [f"{name}: {text}" for name, text in facts.items() if text]
    bases = [part for row in rows for part in str(row["base"]).split("; ")]
    return "; ".join([*dict.fromkeys(bases), *known])


def _known(count: int | None) -> str:
    return "an unpublished number" if count is None else str(count)


def _not_answered(invited: int | None, answered: int | None) -> str:
    return "not known" if invited is None or answered is None else f"{invited - answered} did not answer"
