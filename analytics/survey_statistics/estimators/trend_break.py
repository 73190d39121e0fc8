"""Whether two waves asked the same question, so that their numbers may be compared.

Belongs here: reviewed versions of questions, and codebooks where there is no review. Does not belong here: changes of
numbers (``change``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.sql_literal import literal

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

VERSIONS = "marts.dim_survey_question_version"


def earlier_question(earlier: Survey, later: Survey, question: str) -> tuple[str, str | None]:
    """The code of a question of the later wave in the earlier one, and why the two must not be compared (None if they
    may).

    Waves of a warehouse: the reviewed versions decide, from wave to wave. Other tables with codebooks: kind, text and
    categories must be equal.
    """
    chain = _reviewed(later, question)
    if chain is None:
        return question, _codebooks_differ(earlier, later, question)
    broken: list[str] = []
    for edition, code, reason in chain:
        if edition == earlier.responses.title:
            return code, f"trend broken: {'; '.join(broken)}" if broken else None
        broken += [reason] if reason else []
    return question, f"{earlier.responses.title} has no earlier version of {question} of {later.responses.title}"


def _reviewed(later: Survey, question: str) -> list[tuple[str, str, str]] | None:
    """Edition, code and reason of a break at or after it, from the later wave back; None without reviewed versions."""
    connection = later.responses.connection
    schema, name = VERSIONS.split(".")
    is_there = (
        f"select count(*) from duckdb_tables() where schema_name = {literal(schema)} and table_name = {literal(name)}"
    )
    if not connection.execute(is_there).fetchall()[0][0]:
        return None
    found = connection.execute(
        "select edition_id, question_code, earlier_edition_id, earlier_question_code, is_trend_broken, why_en "
        f"from {VERSIONS} order by all"
    ).fetchall()
    versions = {(row[0], row[1]): row[2:] for row in found}
    place = (later.responses.title, question)
    if place not in versions:
        return None
    chain: list[tuple[str, str, str]] = []
    while place in versions and len(chain) <= len(versions):
        edition, code, is_broken, why = versions[place]
        chain.append((*place, str(why) if is_broken else ""))
        place = (edition, code)
    return [*chain, (*place, "")]


def _codebooks_differ(earlier: Survey, later: Survey, question: str) -> str | None:
    if question not in earlier.responses.questions or question not in later.responses.questions:
        return None
    old, new = earlier.responses.question(question), later.responses.question(question)
    differs = [
        name
        for name, before, after in (
            ("kind", old.kind, new.kind),
            ("text", old.text, new.text),
            ("options", tuple(old.categories.values()), tuple(new.categories.values())),
        )
        if before != after
    ]
    return f"trend broken: {' and '.join(differs)} of {question} changed between the waves" if differs else None
