"""The questionnaire inside an EUSurvey XML export as a codebook, with the routing that its answers state.

Belongs here: codes, labels in every language, what shows a question. Does not belong here: which element belongs to
which question (``eusurvey_elements``), contributions (``eusurvey_xml``).

Codes are the short names (``bid``) where the export has them and they are unique and plain, else the ids of EUSurvey.
``dependentElements`` of an answer names what it shows; an element that several answers name is shown by any of them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.survey import codebook
from ingest.survey.codebook import Codebook, Option, Question
from ingest.survey.tools.eusurvey_elements import Draft, Element, drafts_of
from ingest.survey.tools.heading import plain_heading

PERSONAL = {"E-mail", "File Upload"}
PLAIN_CODE = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class Questionnaire:
    """The codebook, the question of each answer by (question id, column id), the code of each option by its id.

    ``rows`` are the codes of what is a row or cell of a matrix, rating or table.
    """

    codebook: Codebook
    questions: Mapping[tuple[str, str], Question]
    options: Mapping[str, str]
    rows: frozenset[str]
    is_shown_by_several: bool


def questionnaire_of(elements: Mapping[str, Sequence[Element]]) -> Questionnaire:
    """The questionnaire from its elements in each language; the order is that of the first."""
    languages = {language: {each.uid: each for each in _all(found)} for language, found in elements.items()}
    first = next(iter(elements.values()), ())
    drafts = drafts_of(first)
    codes = _codes([each.element for each in drafts])
    option_codes: dict[str, str] = {}
    for draft in drafts:
        option_codes |= _codes(draft.options)
    labels = {uid: _labels(uid, languages) for uid in next(iter(languages.values()), {})}
    conditions = _conditions(first, drafts, codes, option_codes)
    single = {codes[draft.element.uid] for draft in drafts if draft.kind == codebook.CHOICE}
    questions, is_several = {}, False
    for draft in drafts:
        uid = draft.element.uid
        shown_by = tuple(dict.fromkeys(conditions[uid] + conditions[draft.group]))
        is_several |= len({question if question in single else (question, option) for question, option in shown_by}) > 1
        code = f"{codes[uid]}_{_code(draft.column, first)}" if draft.column else codes[uid]
        questions[uid, draft.column] = Question(
            code, draft.kind, _of_row(draft, labels),
            tuple(Option(option_codes[each.uid], labels[each.uid]) for each in draft.options),
            draft.parent, labels.get(draft.parent, {}),
            relevant=" or ".join(f"selected(${{{question}}}, '{option}')" for question, option in shown_by),
            is_personal=draft.element.kind in PERSONAL, aliases=() if draft.column else _alias(draft.element),
        )  # fmt: skip
    book = Codebook(tuple(questions.values()), "eusurvey_xml", tuple(elements) or ("en",))
    rows = frozenset(questions[each.element.uid, each.column].code for each in drafts if each.group)
    return Questionnaire(book, questions, option_codes, rows, is_several)


def _all(elements: Iterable[Element]) -> Iterable[Element]:
    for each in elements:
        yield each
        yield from each.children


def _codes(elements: Iterable[Element]) -> dict[str, str]:
    """Id to code."""
    found = {each.uid: each for each in elements}
    times = Counter(each.attributes.get("bid", "") for each in found.values())
    return {
        uid: bid if (bid := each.attributes.get("bid", "")) and times[bid] == 1 and PLAIN_CODE.fullmatch(bid) else uid
        for uid, each in found.items()
    }


def _code(uid: str, elements: Iterable[Element]) -> str:
    return next((each.attributes.get("bid") or uid for each in elements if each.uid == uid), uid)


def _alias(element: Element) -> tuple[str, ...]:
    return (element.uid,) if element.attributes.get("bid") else ()


def _labels(uid: str, languages: Mapping[str, Mapping[str, Element]]) -> dict[str, str]:
    texts = {language: plain_heading(found[uid].text) for language, found in languages.items() if uid in found}
    return {language: text for language, text in texts.items() if text}


def _of_row(draft: Draft, labels: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The labels of a question; a row of a rating repeats the title before its own, a cell has that of its column."""
    own = dict(labels.get(draft.element.uid, {}))
    if draft.element.tag == "RatingQuestion":
        title = labels.get(draft.group, {})
        return {language: text.removeprefix(f"{title.get(language, '')}: ") for language, text in own.items()}
    if draft.column:
        return {language: f"{text}: {labels[draft.column].get(language, '')}" for language, text in own.items()}
    return own


def _conditions(
    elements: Sequence[Element], drafts: Sequence[Draft], codes: Mapping[str, str], options: Mapping[str, str]
) -> defaultdict[str, list[tuple[str, str]]]:
    """Id of an element to the questions and options that show it."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    asked_by = [(codes[draft.element.uid], each) for draft in drafts if not draft.group for each in draft.options]
    shown = [(question, options[each.uid], each) for question, each in asked_by]
    for each in elements:
        row, option = each.attributes.get("qid", ""), each.attributes.get("aid", "")
        if each.tag == "MatrixCell" and row in codes and option in options:
            shown.append((codes[row], options[option], each))
    for question, code, each in shown:
        for target in each.attributes.get("dependentElements", "").split(";"):
            if target.strip():
                found[target.strip()].append((question, code))
    return found
