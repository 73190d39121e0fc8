"""The answers of an export as long rows, the way an analyst sees them: for the tests of readers and of the engine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ingest.problem import Problem
from ingest.survey import wave_facts
from ingest.survey.state import WIDE, State
from ingest.survey.wave import read_wave
from ingest.survey.wave_facts import RESPONSES, WaveFacts, WaveJob

STATES = {number: state for state, number in WIDE.items()}


@dataclass(frozen=True)
class Answer:
    """One row: ``option`` is the code for choices, ticks and ranks; ``value`` a text, number, day or rank."""

    response: int
    question: str
    option: str | None
    state: str
    value: Any = None
    raw: str | None = None
    repeat: int | None = None


@dataclass(frozen=True)
class ReadWave:
    """An export that was read: its long rows, its responses, what was found and what is known of it."""

    answers: list[Answer]
    responses: list[dict[str, Any]]
    problems: tuple[Problem, ...]
    facts: WaveFacts

    def of(self, response: int, question: str) -> dict[str | None, str]:
        """Option (None for a value) to state, of one response and question."""
        found = [each for each in self.answers if (each.response, each.question) == (response, question)]
        return {each.option: each.state for each in found}

    def values(self, question: str) -> list[Any]:
        """Option codes or values of a question with one answer each, in the order of the responses; None if none."""
        found = [each for each in self.answers if each.question == question]
        return [each.value if each.option is None else each.option for each in found]


def answers_of(path: Path, codebook: Path | None = None, **card: Any) -> ReadWave:
    """Read an export in this process; ``card``: tool, columns, aliases, rules, design as in ``WaveJob``."""
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        facts = read_wave(path, folder, WaveJob(codebook=str(codebook) if codebook else "", **card))
        rows = list(_long(folder, facts))
        responses = pq.read_table(folder / RESPONSES).to_pylist()
    return ReadWave(rows, responses, facts.problems, facts)


def _long(folder: Path, facts: WaveFacts) -> Iterator[Answer]:
    questions = {each["code"]: each for each in facts.codebook["questions"]}
    for code in facts.tables:
        rows = pq.read_table(folder / wave_facts.wide_file(facts.tables, code)).to_pylist()
        columns = [column for column in facts.columns if column["table"] == code]
        for row in rows:
            for column in columns:
                yield _answer(row, column, questions[column["question_code"]])


def _answer(row: Mapping[str, Any], column: Mapping[str, Any], question: Mapping[str, Any]) -> Answer:
    number = row[column["state_column"] or column["wide_column"]]
    raw = row.get(column["raw_column"]) if column["raw_column"] else None
    option, value, state = column["option_code"], None, State.ANSWERED
    if number < 0:
        state = STATES[number]
        value = row[column["wide_column"]] if column["state_column"] else None
    elif column["part"] == "choice":
        chosen = question["options"][number - 1]
        option, state = chosen["code"], State(chosen["state"] or State.SELECTED)
    elif column["part"] == "tick":
        state = State.SELECTED if number else State.NOT_SELECTED
    elif column["part"] == "rank":
        state, value = (State.SELECTED, number) if number else (State.NOT_SELECTED, None)
    else:
        value = row[column["wide_column"]]
    return Answer(row["response_no"], question["code"], option, str(state), value, raw, row.get("repeat_no"))
