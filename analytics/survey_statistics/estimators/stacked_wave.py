"""Two waves of a survey as one sample, so that what they have in common counts in the variance of a change.

Belongs here: putting the responses of two waves under each other. Does not belong here: the change (``change``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analytics.survey_statistics.estimators.domain import names
from analytics.survey_statistics.sample.design import Design, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import Responses, quoted
from analytics.survey_statistics.sample.structure import structure

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import By, Survey

# Names that no file gives a column, for the columns asked for keep theirs.
WAVE, VALUE, WEIGHT, UNIT, STRATUM, REPLICATE = (
    f"{name}_of_the_stack" for name in ("wave", "value", "weight", "unit", "stratum", "replicate")
)
STACK = "survey_waves_stacked"
EARLIER, LATER = 1, 2


def stacked(earlier: Survey, later: Survey, questions: tuple[str, str], by: By, respondent: str) -> Survey:
    """Both waves with the columns ``WAVE`` (1, 2), ``VALUE`` and those of ``by``; ``unstacked`` takes them away.

    Units are the first-stage units of the designs, which must have the same names in both, else the respondents.
    Without finite population correction: the units of both waves together are no sample of one of them.
    """
    from analytics.survey_statistics.survey import Survey

    _check(earlier, later)
    _check_columns(earlier, later, questions, by)
    # What is wrong with the weights or the design of a wave is told in its own words, before names are lost.
    for survey in (earlier, later):
        structure(survey)
    connection = earlier.responses.connection
    selected = [
        _columns(survey, wave, question, by, respondent)
        for survey, wave, question in ((earlier, EARLIER, questions[0]), (later, LATER, questions[1]))
    ]
    if later.responses.connection is connection:
        second = selected[1]
    else:
        # The answers of the question asked for pass from one engine to the other as columns.
        connection.register(f"{STACK}_later", later.responses.connection.execute(selected[1]).to_arrow_table())
        second = f"select * from {STACK}_later"
    try:
        connection.execute(f"create or replace temp table {STACK} as {selected[0]} union all by name {second}")
    finally:
        connection.execute(f"drop view if exists {STACK}_later")
    unknown = connection.execute(f"select count(*) from {STACK} where {quoted(UNIT)} is null").fetchall()[0][0]
    if unknown:
        connection.execute(f"drop table {STACK}")
        raise SurveyError(
            f"{respondent} is empty in {unknown} responses of the two waves, so it is not known whether they answered "
            "both: fill it in, leave these responses out, or leave `respondent` out, so that the waves are independent."
        )
    described = connection.execute(f"describe {STACK}").fetchall()
    asked = later.responses.question(questions[1])
    base = earlier.responses.base
    stated = {
        VALUE: Question(VALUE, asked.kind, quoted(VALUE), _state(VALUE), asked.text, asked.categories),
        WAVE: Question(WAVE, "choice", quoted(WAVE), _state(WAVE), WAVE, {EARLIER: "earlier", LATER: "later"}),
    }
    for code in names(by):
        part = later.responses.question(code)
        stated[code] = Question(code, part.kind, quoted(code), _state(code), part.text, part.categories)
    title = f"{earlier.responses.title} and {later.responses.title}"
    is_synthetic = earlier.responses.is_synthetic or later.responses.is_synthetic
    columns = {row[0]: row[1] for row in described}
    responses = Responses(connection, STACK, columns, stated, title, base, is_synthetic, later.responses.release_id)
    return Survey(responses, _design(earlier))


def unstacked(both: Survey) -> None:
    """Drop the table of ``stacked``: nothing of two waves stays behind in the engine of the earlier one."""
    both.responses.connection.execute(f"drop table if exists {STACK}")


def left_out(earlier: Survey, later: Survey) -> str:
    """What of the designs a stack of both waves does not know, in words."""
    parts = ["units of both waves counted once"]
    if any(survey.context.is_fpc_used for survey in (earlier, later)):
        parts.append("without finite population correction, which would make the error smaller")
    if any(survey.adjustments for survey in (earlier, later)):
        parts.append("with the calibrated weights, but what calibration does to the error is left out")
    if any(len(survey.design.stages) > 1 for survey in (earlier, later)) and not earlier.design.replicates:
        parts.append("by the units of the first stage")
    return ", ".join(parts)


def _check(earlier: Survey, later: Survey) -> None:
    """Both waves must be of one design for their units to be the same."""
    for what, before, after in (
        ("units", earlier.design.stages[0].units, later.design.stages[0].units),
        ("strata", earlier.design.stages[0].strata, later.design.stages[0].strata),
        ("replicate weights", earlier.design.replicates, later.design.replicates),
    ):
        if (before is None) != (after is None):
            raise SurveyError(
                f"One wave has {what} and the other has none, so the two cannot be put together as one sample: leave "
                "`respondent` out, and they count as independent."
            )


def _check_columns(earlier: Survey, later: Survey, questions: tuple[str, str], by: By) -> None:
    """The question must hold the same in both waves, and no column may have a name of the stack."""
    kinds = [survey.responses.question(code).kind for survey, code in zip((earlier, later), questions, strict=True)]
    if kinds[0] != kinds[1]:
        raise SurveyError(
            f"{questions[1]} is a {kinds[0]} question in {earlier.responses.title} and a {kinds[1]} question in "
            f"{later.responses.title}, so it has no change: recode one of them."
        )
    for name in names(by):
        if name.endswith("_of_the_stack"):
            raise SurveyError(f"{name!r} is a name that two waves in one table need for themselves: rename the column.")


def _columns(survey: Survey, wave: int, question: str, by: By, respondent: str) -> str:
    responses, design = survey.responses, survey.design
    stage = design.stages[0]
    if stage.units is None and respondent not in responses.columns:
        raise SurveyError(f"{responses.title} has no column {respondent!r} that says who answered in both waves.")
    parts = {WAVE: str(wave), VALUE: responses.question(question).value, WEIGHT: f"({survey.weight})::double"}
    parts[UNIT] = f"{quoted(stage.units or respondent)}::varchar"
    parts[STRATUM] = f"{quoted(stage.strata)}::varchar" if stage.strata else "''"
    parts |= {code: responses.question(code).value for code in names(by)}
    for i, column in enumerate(design.replicates.columns if design.replicates else ()):
        parts[f"{REPLICATE}_{i}"] = quoted(column)
    listed = ", ".join(f"{sql} as {quoted(name)}" for name, sql in parts.items())
    return f"select {listed} from {responses.relation}"


def _design(earlier: Survey) -> Design:
    replicates: Replicates | None = earlier.design.replicates
    if replicates is not None:
        columns = tuple(f"{REPLICATE}_{i}" for i in range(len(replicates.columns)))
        return Design(weights=WEIGHT, replicates=replace(replicates, columns=columns))
    stage = Stage(UNIT, STRATUM if earlier.design.stages[0].strata else None)
    return Design(
        weights=WEIGHT,
        stages=(stage,),
        lonely_psu=earlier.design.lonely_psu,
        adjust_domain_lonely=earlier.design.adjust_domain_lonely,
    )


def _state(name: str) -> str:
    return f"case when {quoted(name)} is null then 'not_answered' else 'answered' end"
