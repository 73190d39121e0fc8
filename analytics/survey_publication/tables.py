"""The published tables of survey waves: estimates, tests and codebook counts after disclosure control.

Belongs here: the order of things for one wave, and what stops a release. Does not belong here: rules and patterns
(``survey_statistics.disclosure``), which responses a number is about (``codebook``, ``estimates``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.survey_publication import codebook, estimates
from analytics.survey_publication.earlier import EarlierRelease, earlier_releases
from analytics.survey_publication.shown import shown_rows
from analytics.survey_statistics.disclosure.publication import COUNT, OPTION, Family, Pattern
from analytics.survey_statistics.disclosure.rules import Rules, default_rules
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.tables.multiplicity import adjusted_p_values
from analytics.topics import survey_estimate, survey_test
from analytics.topics.survey_wave import PUBLISHED, groups_of, one_thread, read_waves

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    from analytics.topics.survey_wave import Wave

NOT_NEEDED = "not suppressed: the answers themselves are published"
CODEBOOK = """
    select codebook.*, question.repeat_code
    from reports.rpt_survey_codebook as codebook
    join marts.dim_survey_question as question using (edition_id, question_code)
    order by all
"""
WAVES = "select * from marts.dim_survey_wave order by edition_id"
PROBLEMS = "problems.json"
ANSWERS = ("choice", "scale", "multiple", "ranking")


@dataclass
class SurveyTables:
    """Rows that may be published, and the sentences for which nothing may be."""

    estimates: list[Row] = field(default_factory=list)
    tests: list[Row] = field(default_factory=list)
    codebook: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def survey_tables(connection: duckdb.DuckDBPyConnection, earlier: Sequence[Path] = ()) -> SurveyTables:
    """All waves of a warehouse. ``earlier``: folders of the releases that were published before."""
    found = SurveyTables()
    counted = fetch_rows(connection, CODEBOOK)
    facts = {row["edition_id"]: row for row in fetch_rows(connection, WAVES)}
    with one_thread(connection):
        for wave in read_waves(connection):
            rows = [row for row in counted if row["edition_id"] == wave.edition_id]
            _publish(wave, facts[wave.edition_id], rows, earlier, found)
            # After the wave: its responses at hand are replaced by the entries.
            for group in groups_of(connection, wave):
                found.estimates += [row | {"suppressed": NOT_NEEDED} for row in survey_estimate.wave_rows(group)]
    return found


def arrow_tables(found: SurveyTables) -> dict[str, pyarrow.Table]:
    """The tables of the schema `stats`."""
    return {
        table.name: table.to_arrow({name: row[name] for name in row if name not in hidden} for row in rows)
        for table, rows, hidden in (
            (survey_estimate.TABLE, found.estimates, survey_estimate.FOR_PROTECTION),
            (survey_test.TABLE, found.tests, (survey_test.FOR_PROTECTION,)),
        )
    }


def write_shown(connection: duckdb.DuckDBPyConnection, found: SurveyTables, folder: Path) -> None:
    """Write ``reports/rpt_survey_codebook.parquet``, which stands in for the warehouse's, and ``PROBLEMS``."""
    import pyarrow
    import pyarrow.parquet

    schema = connection.execute(f"from {codebook.TABLE} limit 0").to_arrow_table().schema
    rows = [{name: row[name] for name in schema.names} for row in found.codebook]
    path = folder / f"{codebook.TABLE.replace('.', '/')}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema), path, compression="zstd")
    (folder / PROBLEMS).write_text(json.dumps(found.problems, ensure_ascii=False, indent=1), encoding="utf-8")


def _publish(wave: Wave, facts: Row, counted: Sequence[Row], earlier: Sequence[Path], found: SurveyTables) -> None:
    rows, tests = list(survey_estimate.wave_rows(wave)), list(survey_test.wave_rows(wave))
    if wave.microdata == PUBLISHED:
        for target, each in ((found.estimates, rows), (found.tests, tests), (found.codebook, counted)):
            target += [row | {"suppressed": NOT_NEEDED} for row in each]
        return
    kinds = {question.code: question.kind for question in wave.questions}
    before = list(earlier_releases(earlier, facts, kinds))
    rules = rules_of(wave)
    try:
        _protect(wave, kinds, rules, (rows, tests, counted), before, found)
    except SurveyError as error:
        found.problems.append(f"{wave.edition_id}: {error}")
    found.problems += [
        f"{wave.edition_id}: release {each.release} holds the answers one by one, which are withheld now, so that "
        "nothing can be hidden beside it. Delete its folder, or take the wave out of the sources."
        for each in before
        if each.has_answers
    ]
    found.problems += [
        f"{wave.edition_id}: release {each.release} cannot be read, so that nobody knows what it showed. Move its "
        "folder away if it was never published; otherwise put it back as it was."
        for each in before
        if not each.is_readable
    ]


def rules_of(wave: Wave) -> Rules:
    """The rules of the house with what the card of a wave says instead."""
    return default_rules().changed({} if wave.threshold is None else {"threshold": wave.threshold})


def _protect(wave: Wave, kinds: dict[str, str], rules: Rules, made: tuple[list[Row], list[Row], Sequence[Row]],
             before: Sequence[EarlierRelease], found: SurveyTables) -> None:  # fmt: skip
    from analytics.survey_statistics.disclosure.auditor import audit
    from analytics.survey_statistics.disclosure.suppression import suppress

    rows, tests, counted = made
    plain = [row for row in counted if row["repeat_code"] is None]
    answers = frozenset(code for code, kind in kinds.items() if kind in ANSWERS)
    family = Family([*codebook.cells(plain, wave.n_counted), *estimates.cells(rows, kinds, rules)], answers=answers)
    known = [each for release in before if release.is_same for each in release.printed]
    pattern = suppress(family, rules, known)
    shown = list(shown_rows(rows, kinds, pattern, rules))
    told = list(codebook.shown(plain, pattern, rules.reason))
    printed = [*codebook.printed(told, wave.n_counted), *estimates.printed(shown, kinds)]
    everything = [*printed, *(each for release in before for each in release.printed)]
    findings = audit(everything, rules, family.cells, answers=answers)
    found.problems += [f"{wave.edition_id}: {each}" for each in pattern.refusals]
    found.problems += [f"{wave.edition_id}: {each.sentence}" for each in findings]
    found.estimates += shown
    found.tests += shown_tests(tests, pattern, rules)
    found.codebook += told + without_counts(counted, rules)


def without_counts(counted: Sequence[Row], rules: Rules) -> list[Row]:
    """The rows of groups that repeat, without numbers: these count repetitions, which may all be of one response."""
    hidden = dict.fromkeys((*codebook.COUNTS, *codebook.SHARES, *codebook.BASES)) | {"suppressed": rules.reason}
    return [row | hidden for row in counted if row["repeat_code"] is not None]


def shown_tests(tests: Sequence[Row], pattern: Pattern, rules: Rules) -> list[Row]:
    """The rows of tests without their numbers where a cell of the table is hidden: they would tell it.

    A test with weights or of a sample in strata or clusters rests on crosses that no table shows; it is hidden where
    any count of its question or domain is. An adjusted p value may be that of another test times a whole number. Where
    a test is hidden the others are adjusted as if its p value were 1: by the method of Holm none is then smaller than
    with the true one, and none tells whether it had any.
    """
    hidden = [key for measure, key in (*pattern.primary, *pattern.complementary) if measure == COUNT]
    names = [{variable.split(OPTION)[0] for variable, _ in key} for key in hidden if key]
    touched = pattern.questions

    def is_hidden(row: Row) -> bool:
        asked = {row["question_code"], row["domain_question"]}
        is_plain = row["weights"] == "none" and row[survey_test.FOR_PROTECTION]
        return any(each <= asked for each in names) or not (is_plain or asked.isdisjoint(touched))

    shown: list[Row] = []
    for inference in sorted({row["inference"] for row in tests}):
        rows = [row for row in tests if row["inference"] == inference]
        taken = [is_hidden(row) for row in rows]
        known = [1.0 if gone else row["p_value"] for row, gone in zip(rows, taken, strict=True)]
        adjusted = adjusted_p_values(known, survey_test.ADJUSTMENT)
        why = {"suppressed": rules.reason, "null_reason": rules.reason, "note": None, **survey_test.WHICH}
        side_by_side = {"n_tests": sum(p_value is not None for p_value in known)}
        shown += [
            row | side_by_side | (dict.fromkeys(survey_test.NUMBERS) | why if gone else {"adjusted_p_value": p_value})
            for row, gone, p_value in zip(rows, taken, adjusted, strict=True)
        ]
    return shown
