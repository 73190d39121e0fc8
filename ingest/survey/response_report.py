"""What there is to say of the responses of a wave: how many of each disposition, which came twice or too fast.

Belongs here: counting, and the rules in words. Does not belong here: deciding (``responses``), rates of them (the
analysts' side).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.clock_times import without_noise
from ingest.survey.duplicates import NEVER, rule_in_force
from ingest.survey.export import Convention
from ingest.survey.responses import BREAK_OFF, COMPLETE, DUPLICATE, EXCLUDED, PARTIAL
from ingest.survey.wave_card import ResponseRules

if TYPE_CHECKING:
    import pyarrow as pa

FLAGS = {"is_fast": "survey_responses_fast", "is_straight_lined": "survey_responses_straight_lined"}


def counted_dispositions(responses: pa.Table) -> dict[str, int]:
    """Rows of the file by disposition; one left out because it repeats a respondent is a duplicate, nothing else."""
    import pyarrow.compute as pc

    is_dropped = pc.equal(responses["not_counted_reason"], DUPLICATE).fill_null(False)
    names = pc.if_else(is_dropped, DUPLICATE, responses["disposition"])
    found = {row["values"]: row["counts"] for row in pc.value_counts(names).to_pylist()}
    return {name: found.get(name, 0) for name in (COMPLETE, PARTIAL, BREAK_OFF, EXCLUDED, DUPLICATE)}


def response_problems(
    collected: pa.Table, responses: pa.Table, convention: Convention, rules: ResponseRules, file: str
) -> list[Problem]:
    """Findings on whole responses, none of which is deleted: ``responses`` were made of ``collected``."""
    import pyarrow.compute as pc

    where, counts = Place(file), counted_dispositions(responses)
    told = []
    if counts[EXCLUDED]:
        reasons = pc.value_counts(responses["not_counted_reason"].filter(pc.equal(responses["disposition"], EXCLUDED)))
        named = [f"{row['values']} {row['counts']}" for row in reasons.to_pylist()]
        told.append(problem("survey_responses_excluded", where, n=counts[EXCLUDED], reasons=sorted(named)))
    if unfinished := counts[PARTIAL] + counts[BREAK_OFF]:
        values = {"n": unfinished, "partial": counts[PARTIAL], "break_off": counts[BREAK_OFF]}
        told.append(problem("survey_responses_unfinished", where, rule=partial_rule(rules), **values))
    if repeated := pc.sum(responses["is_duplicate"]).as_py():
        code = "survey_responses_repeated" if counts[DUPLICATE] else "survey_responses_repeated_kept"
        told.append(problem(code, where, n=repeated, rule=duplicate_rule(rules, collected)))
    for flag, code in FLAGS.items():
        if n_flagged := pc.sum(responses[flag]).as_py():
            told.append(problem(code, where, n=n_flagged))
    told.extend(_time_problems(collected, responses, convention, where))
    return told


def _time_problems(collected: pa.Table, responses: pa.Table, convention: Convention, where: Place) -> Iterator[Problem]:
    """Times that no form of the tool fits; an example is shown, for a time is nobody's secret."""
    import pyarrow.compute as pc

    for role in ("started_at", "submitted_at"):
        if role not in collected.column_names:
            continue
        texts = without_noise(collected[role].combine_chunks().fill_null(""), convention)
        unread = texts.filter(pc.and_(pc.not_equal(texts, ""), responses[role].combine_chunks().is_null()))
        if len(unread):
            yield problem("survey_time_unreadable", where, n=len(unread), role=role, text=unread[0].as_py(),
                          forms=list(convention.clock))  # fmt: skip


def duplicate_rule(rules: ResponseRules, collected: pa.Table) -> str:
    """The rule for duplicates in words, as it was applied to what was collected."""
    rule = rule_in_force(rules, collected)
    if rule == NEVER:
        return "duplicates were not looked for, as the card says"
    by = {
        "token": "the same token",
        "email": "the same e-mail address",
        "response_id": "the same response id",
        "content": "the same answers within 2 minutes",
    }[rule]
    kept = {
        "all": "all counted",
        "first": "the fullest counted, of several the first",
        "last": "the fullest counted, of several the last",
    }[rules.keep]
    return f"{by}; {kept}"


def partial_rule(rules: ResponseRules) -> str:
    """From when on an unfinished response is partial, in words."""
    if rules.partial_from is None:
        return "partial with any answer, else a break-off"
    return f"partial from {rules.partial_from:g} of the applicable questions answered, else a break-off"
