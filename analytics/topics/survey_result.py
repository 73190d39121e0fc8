"""`stats.survey_result`: published survey results, each with the interval that its published counts allow.

Belongs here: the choice of interval from what was printed (counts, invited, responses, or a percentage alone).
Does not belong here: microdata, weights and outcome rates, for which nothing is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, estimate_id, estimate_table, fetch_rows, share_columns
from analytics.statistics.share import Share, sampled_share

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "1"
EXEMPT = "not suppressed: published by its source"

TABLE = estimate_table(
    "survey_result",
    "One row per survey, question and answer as published, with an interval where the published counts allow one.",
    (
        Column("survey_code", "string", "Survey."),
        Column("question", "string", "Question, in our words."),
        Column("answer", "string", "Answer counted."),
        Column("is_multiple", "bool", "True when several answers could be given, so shares do not add to 1."),
        Column("percent_printed", "double", "Percentage as printed; null when none was printed."),
        Column("comparator_code", "string", "`gt` when the source says `more than`, `eq` when it says the number."),
        Column("population_n", "int64", "Units invited (the finite population); null when not published."),
        Column("responses_n", "int64", "Units that answered; null when not published."),
        Column("row_id", "string", "Landed row the published number was read from."),
        Column("suppressed", "string", "Why nothing has to be hidden."),
    ),
)

RESULTS = """
    select survey_code, question, answer, is_multiple, n as numerator, base_n,
           cast(percent_printed as double) as percent_printed, comparator_code,
           population_n, responses_n, row_id, is_synthetic,
           concat_ws(', ', coalesce(source_title, cited_source), cited_locator) as cited_source
    from marts.fct_survey_result
    where is_current
    order by survey_code, question, row_id
"""


def survey_result(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Every published result; where only a percentage or only words were printed, the reason stands instead."""
    return TABLE.to_arrow(_row(result) for result in fetch_rows(connection, RESULTS))


def _row(result: Row) -> Row:
    share = _share(result)
    of_contacted = result["base_n"] is not None and result["base_n"] == result["population_n"]
    # 45 of 50 organisations contacted is no response rate: the dispositions that a rate needs are not published.
    statistic, base = ("share_of_contacted", "units contacted") if of_contacted else ("share_of_answers", "answers")
    several = "; several answers possible, shares do not add to 1" if result["is_multiple"] else ""
    method = "published percentage, not recomputed" if result["numerator"] is None else "published count / base"
    if share.interval_method.startswith("exact"):
        method += "; interval as if those who answered were a random draw from those invited, which is an assumption"
    return (
        result
        | share_columns(share)
        | {
            "estimate_id": estimate_id(TABLE.name, result["survey_code"], result["question"], result["answer"]),
            "statistic": statistic,
            "domain": "all",
            "base": f"{base}{several}" if result["base_n"] is not None else f"not published{several}",
            "method": method,
            "method_version": METHOD_VERSION,
            "is_by_construction": False,
            "suppressed": EXEMPT,
        }
    )


def _share(result: Row) -> Share:
    if result["numerator"] is not None and result["base_n"] is not None:
        return sampled_share(result["numerator"], result["base_n"], result["population_n"])
    if result["percent_printed"] is None:
        return Share(None, null_reason="named in the source without a number")
    reason = "only a percentage was published, without the count and the base that an interval needs"
    return Share(result["percent_printed"] / 100, interval_method="none (percentage only)", null_reason=reason)
