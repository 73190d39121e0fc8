"""The codebook that the labels of a statistical file hold.

Belongs here: variables and sets of multiple responses to questions. Does not belong here: reading them (``spss``,
``stata``), finding sets (``multiple_response``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.survey import codebook
from ingest.survey.codebook import CHOICE, DECIMAL, INTEGER, MULTIPLE, TEXT, Codebook, Option, Question
from ingest.survey.label_language import language_of_texts
from ingest.survey.other_option import marked, with_other_texts
from ingest.survey.state import OPTION_STATES, State
from ingest.survey.tools.header_role import is_personal_name
from ingest.survey.tools.multiple_response import ResponseSet
from ingest.survey.tools.statistical_file import CLOCK, DAY, MOMENT, NUMBER, Variable

KIND_OF_SHAPE = {DAY: codebook.DATE, MOMENT: codebook.DATETIME, CLOCK: codebook.TIME}
# A scale of which only the ends have labels has at most so many steps.
MOST_STEPS = 11


def own_codebook(origin: str, variables: Sequence[Variable], sets: Sequence[ResponseSet], title: str) -> Codebook:
    """Questions in the order of the file; a set stands where the first of its variables does."""
    language = language_of_texts([*(each.label for each in variables), *(
        label for each in variables for label in each.values.values()
    )])  # fmt: skip
    of_set = {name: each for each in sets for name in each.names}
    by_name = {each.name: each for each in variables}
    questions: list[Question] = []
    done: set[str] = set()
    for variable in variables:
        found = of_set.get(variable.name)
        if found is None:
            questions.append(_question(variable, language))
        elif found.code not in done:
            done.add(found.code)
            questions.append(_of_set(found, by_name, language))
    return Codebook(tuple(with_other_texts(questions)), origin, (language,), {language: title} if title else {})


def _labels(language: str, text: str) -> dict[str, str]:
    return {language: text} if text else {}


def _question(variable: Variable, language: str) -> Question:
    missing = {text: str(state or State.NOT_ANSWERED) for text, state in variable.missing.items()}
    labelled = {code: label for code, label in variable.values.items() if code not in variable.missing}
    labels = _labels(language, variable.label)
    if labelled and not variable.is_scale and variable.shape in {NUMBER, "text"}:
        options = [Option(code, _labels(language, label)) for code, label in scale_steps(labelled).items()]
        for code, state in missing.items():
            if state in OPTION_STATES:
                options.append(Option(code, _labels(language, variable.values.get(code, code)), state=state))
        left = {code: state for code, state in missing.items() if state not in OPTION_STATES}
        return Question(variable.name, CHOICE, labels, tuple(map(marked, options)), missing=left)
    kind = KIND_OF_SHAPE.get(variable.shape, TEXT)
    if variable.shape == NUMBER:
        kind = INTEGER if variable.is_whole else DECIMAL
    is_personal = is_personal_name(variable.name, variable.label)
    return Question(variable.name, kind, labels, missing=missing, is_personal=is_personal)


def scale_steps(labelled: Mapping[str, str]) -> dict[str, str]:
    """Codes and labels, for a scale with the steps between its two ends, which have none."""
    ends = [int(code) for code in labelled if code.lstrip("-").isdigit()]
    if len(labelled) != 2 or len(ends) != 2 or not 1 < abs(ends[1] - ends[0]) < MOST_STEPS:
        return dict(labelled)
    return {str(code): labelled.get(str(code), str(code)) for code in range(min(ends), max(ends) + 1)}


def _of_set(found: ResponseSet, by_name: Mapping[str, Variable], language: str) -> Question:
    variables = [by_name[name] for name in found.names]
    if found.is_dichotomy:
        options = [
            Option(code, _labels(language, label)) for code, label in zip(found.codes, found.labels, strict=True)
        ]
        missing = {text: str(state or State.NOT_ANSWERED) for each in variables for text, state in each.missing.items()}
    else:
        question = _question(variables[0], language)
        options, missing = list(question.options), dict(question.missing)
    return Question(found.code, MULTIPLE, _labels(language, found.label), tuple(map(marked, options)), missing=missing)
