"""The questions of a wave as SQL over its wide table: what is an answer, and why there is none.

Belongs here: codes to categories and states. Does not belong here: reading the codebook's rows (``wave``).

In a wide table a choice is the position of its option, a tick 1 or 0, a rank the rank, and a number below zero a state;
texts, numbers and dates have a column of states beside them (``docs/surveys.md``, sections 3 and 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import quoted

Row = Mapping[str, Any]
KINDS = {"select_one": "choice", "select_multiple": "multiple", "rank": "ranking", "integer": "number",
         "decimal": "number", "date": "date", "datetime": "date"}  # fmt: skip
ANSWERED, NOT_ANSWERED, SELECTED = "answered", "not_answered", "selected"


def wave_question(
    asked: Row, options: Sequence[Row], columns: Sequence[Row], states: Mapping[str, int], language: str
) -> Question:
    """One question. ``columns``: its columns of the wide table in order; ``states``: name to number below zero."""
    code = str(asked["question_code"])
    kind = KINDS.get(str(asked["question_kind"]), "text")
    text = _text(asked, "question", language) or code
    if kind in ("multiple", "ranking"):
        return _of_options(code, kind, text, options, columns, states, language)
    if kind == "choice" and columns[0]["option_code"] is None:
        return _choice(code, text, options, str(columns[0]["wide_column"]), states, language)
    if kind == "choice":
        return _choice_by_option(code, text, options, columns, states, language)
    column, state = quoted(str(columns[0]["wide_column"])), quoted(str(columns[0]["state_column"]))
    return Question(code, kind, f"case when {state} = 0 then {column} end", _state(state, states), text)


def _choice(
    code: str, text: str, options: Sequence[Row], name: str, states: Mapping[str, int], language: str
) -> Question:
    """An option that stands for a state, such as "don't know", is no category."""
    column = quoted(name)
    no_answers = {int(row["option_no"]): str(row["chosen_state"]) for row in options if _is_state(row)}
    excluded = f" and {column} not in ({', '.join(map(str, no_answers))})" if no_answers else ""
    labels: dict[object, str] = {int(row["option_no"]): _label(row, language) for row in options if not _is_state(row)}
    value = f"case when {column} > 0{excluded} then {column} end"
    return Question(code, "choice", value, _state(column, states, no_answers), text, labels)


def _choice_by_option(
    code: str, text: str, options: Sequence[Row], columns: Sequence[Row], states: Mapping[str, int], language: str
) -> Question:
    """A choice of one that the file holds as a column for each option."""
    by_code = {str(row["option_code"]): row for row in options}
    chosen, no_answers = [], []
    for column in columns:
        option = by_code[str(column["option_code"])]
        ticked = f"{quoted(str(column['wide_column']))} > 0"
        if _is_state(option):
            no_answers.append(f"when {ticked} then '{option['chosen_state']}'")
        else:
            chosen.append(f"when {ticked} then {int(option['option_no'])}")
    labels: dict[object, str] = {int(row["option_no"]): _label(row, language) for row in options if not _is_state(row)}
    value = f"case {' '.join(chosen)} end"
    first = quoted(str(columns[0]["wide_column"]))
    rest = f"when {value} is not null then '{ANSWERED}' when {first} = 0 then '{NOT_ANSWERED}'"
    state = f"case {' '.join(no_answers)} {rest} else {_state(first, states)} end"
    return Question(code, "choice", value, state, text, labels)


def _of_options(
    code: str,
    kind: str,
    text: str,
    options: Sequence[Row],
    columns: Sequence[Row],
    states: Mapping[str, int],
    language: str,
) -> Question:
    """A multiple choice or a ranking; a response that chose an option that stands for a state gave no answer."""
    by_code = {str(row["option_code"]): row for row in options}
    plain = [column for column in columns if not _is_state(by_code[str(column["option_code"])])]
    others = [column for column in columns if column not in plain]
    first = quoted(str((plain or columns)[0]["wide_column"]))
    no_answer = " or ".join(f"{quoted(str(column['wide_column']))} > 0" for column in others)
    answered = f"{first} >= 0" + (f" and not ({no_answer})" if no_answer else "")
    told = "".join(
        f"when {quoted(str(column['wide_column']))} > 0 then '{by_code[str(column['option_code'])]['chosen_state']}' "
        for column in others
    )
    state = f"case {told}else {_state(first, states)} end" if told else _state(first, states)
    parts = {}
    for column in plain:
        option = by_code[str(column["option_code"])]
        name = quoted(str(column["wide_column"]))
        inside = f"{name} >= 0" if not no_answer else f"{name} >= 0 and not ({no_answer})"
        value = f"case when {inside} then ({name} > 0)::tinyint end"
        if kind == "ranking":
            value = f"case when {name} > 0{f' and not ({no_answer})' if no_answer else ''} then {name} end"
        part_kind = "choice" if kind == "multiple" else "number"
        parts[str(option["option_code"])] = Question(
            f"{code}/{option['option_code']}", part_kind, value, state, _label(option, language)
        )
    return Question(code, kind, f"case when {answered} then 1 end", state, text, parts=parts)


def _state(column: str, states: Mapping[str, int], no_answers: Mapping[int, str] | None = None) -> str:
    told = {number: name for name, number in states.items()} | dict(no_answers or {})
    whens = " ".join(f"when {number} then '{name}'" for number, name in sorted(told.items()))
    return f"case when {column} is null then '{NOT_ANSWERED}' else case {column} {whens} else '{ANSWERED}' end end"


def _is_state(option: Row) -> bool:
    return str(option["chosen_state"] or SELECTED) != SELECTED


def _label(option: Row, language: str) -> str:
    return _text(option, "option", language) or str(option["option_code"])


def _text(row: Row, name: str, language: str) -> str:
    other = "ja" if language == "en" else "en"
    return str(row[f"{name}_{language}"] or row[f"{name}_{other}"] or "")
