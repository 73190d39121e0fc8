"""The survey waves of a warehouse as the topics ask them: their questions, domains and both ways of speaking.

Belongs here: what the card of a wave says about its reporting. Does not belong here: opening responses
(``survey_statistics.sample``), and any estimate.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analytics.estimate import fetch_rows
from analytics.survey_statistics.survey import Survey
from analytics.survey_weights import NO_WEIGHTS, weights_refusal

if TYPE_CHECKING:
    import duckdb

WAVES = """
    select edition_id, survey_code, wave, microdata, n_counted, is_synthetic
    from marts.dim_survey_wave order by edition_id
"""
DESIGN = """
    select aspect, statement from marts.fct_survey_design where edition_id = $edition_id and is_documented
"""
QUESTIONS = """
    select question_code from marts.dim_survey_question
    where edition_id = $edition_id and is_in_file and repeat_code is null order by question_no
"""
PUBLISHED = "published"
MOST_AT_HAND = 100_000
AT_HAND = "survey_wave_at_hand"
INFERENCES = ("population", "process")
UNITS = {"organisation": "these organisations", "person": "these persons"}


@dataclass(frozen=True)
class AskedQuestion:
    """A question with the kind that it is reported as; ``scale`` for a choice that the card calls one."""

    code: str
    kind: str


@dataclass(frozen=True)
class Wave:
    """A wave with its responses opened. ``domains``: questions by which others are reported, as the card says;
    ``threshold``: counts below it are suppressed, None for that of the house. ``weights_refusal``: why the weights that
    it has are not used. ``repeat``: the repeated group whose entries are the responses of ``survey``.
    """

    survey: Survey
    edition_id: str
    survey_code: str
    wave: str
    microdata: str
    n_counted: int
    is_synthetic: bool
    weights_refusal: str | None
    unit: str
    threshold: int | None
    domains: tuple[str, ...]
    questions: tuple[AskedQuestion, ...]
    repeat: str | None = None

    def surveys(self) -> Iterator[Survey]:
        """The survey as its card speaks; both ways where a finite population makes them differ."""
        whole = self.survey.with_design(inference="population")
        if not whole.context.is_fpc_used:
            yield self.survey.with_design(inference="process")
            return
        for inference in INFERENCES:
            yield self.survey.with_design(inference=inference)

    def query(self, inference: str, call: str) -> str:
        """The Python call that repeats a result."""
        group = "" if self.repeat is None else f', repeat="{self.repeat}"'
        return f'observatory.survey("{self.edition_id}", inference="{inference}"{group}).{call}'


def read_waves(connection: duckdb.DuckDBPyConnection) -> Iterator[Wave]:
    """Every wave of the warehouse, in the order of its edition."""
    from analytics.survey_statistics.sample.wave import open_wave

    for row in fetch_rows(connection, WAVES):
        edition = {"edition_id": row["edition_id"]}
        said = {each["aspect"]: each["statement"] for each in fetch_rows(connection, DESIGN, edition)}
        refusal = weights_refusal(connection, row["edition_id"])
        survey = _at_hand(open_wave(connection, row["edition_id"], is_weighted=refusal is None), row["n_counted"])
        scales = _listed(said.get("scales"))
        codes = [str(each["question_code"]) for each in fetch_rows(connection, QUESTIONS, edition)]
        known = [code for code in codes if code in survey.responses.questions]
        kinds = {code: survey.responses.question(code).kind for code in known}
        yield Wave(
            survey, row["edition_id"], row["survey_code"], row["wave"], row["microdata"], int(row["n_counted"]),
            bool(row["is_synthetic"]), None if refusal in (None, NO_WEIGHTS) else refusal, str(said.get("unit") or ""),
            int(said["disclosure_threshold"]) if "disclosure_threshold" in said else None,
            tuple(code for code in _listed(said.get("domains")) if code in known),
            tuple(
                AskedQuestion(code, "scale" if code in scales and kinds[code] == "choice" else kinds[code])
                for code in known
            ),
        )  # fmt: skip


def groups_of(connection: duckdb.DuckDBPyConnection, wave: Wave) -> Iterator[Wave]:
    """The repeated groups of a wave as waves of their entries, by the domains of its responses.

    None where the answers are withheld: entries may all be those of one response.
    """
    from analytics.survey_statistics.sample.repeat import repeats
    from analytics.survey_statistics.sample.wave import open_wave

    for code in repeats(connection, wave.edition_id) if wave.microdata == PUBLISHED else ():
        is_weighted = wave.survey.design.weights is not None
        survey = open_wave(connection, wave.edition_id, is_weighted=is_weighted, repeat=code)
        asked = tuple(AskedQuestion(name, question.kind) for name, question in survey.responses.questions.items())
        yield replace(wave, survey=_at_hand(survey, wave.n_counted), questions=asked, repeat=code)


def _at_hand(survey: Survey, n_counted: int) -> Survey:
    """The survey with its responses in memory, as far as they are few: hundreds of small questions are asked of them,
    and putting the files of a wave side by side anew takes longer than each answer.
    """
    if n_counted > MOST_AT_HAND:
        return survey
    responses = survey.responses
    responses.define(AT_HAND, f"from {responses.relation}", is_table=True)
    return replace(survey, responses=replace(responses, relation=AT_HAND))


def is_simple_sample(survey: Survey) -> bool:
    """Whether a sample has neither strata nor clusters nor replicates: its errors follow from plain counts."""
    design = survey.design
    return design.replicates is None and all(not (stage.strata or stage.units) for stage in design.stages)


def speaks_of(wave: Wave, inference: str) -> str:
    """Whom an estimate is about, in words."""
    units = UNITS.get(wave.unit, "these units")
    units = units if wave.repeat is None else f"entries of {wave.repeat} of {units}"
    return units if inference == "population" else f"the process behind {units}"


@contextmanager
def one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let the engine add up in one order: sums of fractions by several threads differ in their last digits."""
    before = connection.execute("select current_setting('threads')").fetchall()[0][0]
    connection.execute("set threads = 1")
    try:
        yield
    finally:
        connection.execute(f"set threads = {before}")


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in (text or "").split(", ") if part)
