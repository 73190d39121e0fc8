"""The auditor reads the tables that are about to be published, as any reader will.

Belongs here: which published tables tell of the answers of a wave. Does not belong here: the attack
(``survey_statistics.disclosure.auditor``), the numbers behind, of which a reader knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.estimate import Row
from analytics.survey_publication import codebook, estimates
from analytics.survey_publication.beside_hidden import TESTS, compared_beside_hidden, weighted_beside_hidden
from analytics.survey_publication.earlier import earlier_releases
from analytics.survey_publication.numbers import DIGITS, is_too_precise
from analytics.survey_statistics.disclosure.rules import Rules, default_rules

if TYPE_CHECKING:
    import pandas as pd

WAVES, QUESTIONS, DESIGN = "marts.dim_survey_wave", "marts.dim_survey_question", "marts.fct_survey_design"
KINDS = {"select_one": "choice", "select_multiple": "multiple", "rank": "ranking", "integer": "number",
         "decimal": "number"}  # fmt: skip
ANSWERS = ("choice", "multiple", "ranking")


def audit_tables(tables: Mapping[str, pd.DataFrame], earlier: Sequence[Path] = ()) -> Iterator[str]:
    """A sentence for every number of a withheld wave that a reader can recover.

    ``tables``: ``schema.table`` to its rows, as they would be published; ``earlier``: folders of earlier releases.
    """
    from analytics.survey_statistics.disclosure.auditor import audit

    for wave in _rows(tables, WAVES):
        if wave["microdata"] != "withheld":
            continue
        edition = str(wave["edition_id"])
        said = {row["aspect"]: row["statement"] for row in _rows(tables, DESIGN, edition)}
        threshold = said.get("disclosure_threshold")
        rules = default_rules().changed({} if threshold is None else {"threshold": int(threshold)})
        asked = _rows(tables, QUESTIONS, edition)
        repeats = {row["question_code"] for row in asked if row["repeat_code"] is not None}
        kinds = {str(row["question_code"]): KINDS.get(str(row["question_kind"]), "text") for row in asked}
        counted = [row for row in _rows(tables, codebook.TABLE, edition) if row["question_code"] not in repeats]
        printed = codebook.printed(counted, int(wave["n_counted"]))
        estimated = _rows(tables, estimates.TABLE, edition)
        printed += estimates.printed(estimated, kinds)
        yield from (f"{edition}: {sentence}" for sentence in weighted_beside_hidden(estimated, kinds))
        tested = _rows(tables, TESTS, edition)
        yield from (f"{edition}: {sentence}" for sentence in compared_beside_hidden(tested, estimated, kinds))
        yield from (f"{edition}: {sentence}" for sentence in too_precise(estimated, kinds, rules))
        for release in earlier_releases(earlier, wave, kinds):
            printed += release.printed
        answers = frozenset(code for code, kind in kinds.items() if kind in ANSWERS)
        for finding in audit(printed, rules, answers=answers):
            yield f"{edition}: {finding.sentence}"


def too_precise(rows: Sequence[Row], kinds: Mapping[str, str], rules: Rules) -> Iterator[str]:
    """Means of numbers with bounds, which hold the largest answer, or with an error of so many digits that the answers
    follow from it.
    """
    for row in rows:
        if is_too_precise(row, kinds, rules):
            yield (
                f"{estimates.TABLE} prints more of {row['estimate_id']} than a mean may tell: bounds, an error of "
                f"fewer than {rules.spread_base} responses, or one of more than {DIGITS} digits. Single answers follow "
                "from that. Expected none of them; take them out."
            )


def _rows(tables: Mapping[str, pd.DataFrame], name: str, edition: str = "") -> list[Row]:
    """The rows of a table, or those of one wave; what is missing is None, and a whole number is one."""
    frame = tables.get(name)
    if frame is None:
        return []
    chosen = frame[frame["edition_id"] == edition] if edition else frame
    return [{str(column): _plain(value) for column, value in row.items()} for row in chosen.to_dict("records")]


def _plain(value: object) -> object:
    if value is None or value != value:
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value
