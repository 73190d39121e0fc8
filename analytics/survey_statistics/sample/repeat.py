"""A repeated group of a wave as a survey: entries such as partners or projects, several of one response.

Belongs here: entries beside the responses that named them. Does not belong here: reading a wave (``wave``).

The sample is still one of responses. Each is a unit whose entries are counted together, so that the standard error
knows that entries of one response resemble each other; responses without an entry stay in the sample and are in no
base. A response counts as often as it has entries: shares are of entries, not of responses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows
from analytics.sql_literal import literal
from analytics.survey_statistics.sample.design import Design, SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import quoted

if TYPE_CHECKING:
    import duckdb

RESPONSE, ENTRY = "response_no", "repeat_no"
# Of responses without an entry: nothing was asked of entries that there are not.
NO_ENTRY = "not_shown"


def repeats(connection: duckdb.DuckDBPyConnection, edition_id: str) -> dict[str, str]:
    """The wide table of each repeated group of a wave, by the code of the group."""
    found = fetch_rows(
        connection,
        "select distinct repeat_code, wide_table from marts.dim_survey_question "
        "join marts.dim_survey_column using (edition_id, question_code) "
        f"where edition_id = {literal(edition_id)} and repeat_code is not null order by all",
    )
    return {str(row["repeat_code"]): str(row["wide_table"]) for row in found}


def table_of(connection: duckdb.DuckDBPyConnection, edition_id: str, repeat: str) -> str:
    """The wide table of one group. Raises ``SurveyError`` naming the groups that there are."""
    known = repeats(connection, edition_id)
    if repeat not in known:
        raise SurveyError(
            f"{edition_id} has no repeated group {repeat!r}; its repeated groups are: {', '.join(known) or 'none'}."
        )
    return known[repeat]


def entries_query(responses: str, columns: Mapping[str, str], entries: str, of_entries: Mapping[str, str]) -> str:
    """SQL of a row for each entry beside its response (a query), and one for each response without an entry."""
    own = [name for name in of_entries if name not in columns]
    listed = ", ".join(f"entry.{quoted(name)}" for name in own)
    return f"select answer.*, {listed} from ({responses}) as answer left join {entries} as entry using ({RESPONSE})"


def of_entry(question: Question) -> Question:
    """The question asked of each entry; responses without an entry are told apart from entries without an answer."""
    state = f"case when {ENTRY} is null then '{NO_ENTRY}' else {question.state} end"
    parts = {code: of_entry(part) for code, part in question.parts.items()}
    return replace(question, state=state, parts=parts)


def by_response(design: Design) -> Design:
    """The design with the response as the unit that entries come from, where it samples responses."""
    first = design.stages[0]
    return design if first.units else replace(design, stages=(replace(first, units=RESPONSE),))


def base_of(connection: duckdb.DuckDBPyConnection, relation: str, repeat: str) -> str:
    """What is counted, in words: entries, and how many responses they come from."""
    (found,) = fetch_rows(
        connection,
        f"select count({ENTRY}) as entries, "
        f"count(distinct case when {ENTRY} is not null then {RESPONSE} end) as named, "
        f"count(distinct {RESPONSE}) as counted from {relation}",
    )
    return f"{found['entries']} entries of {repeat} by {found['named']} of {found['counted']} counted responses"
