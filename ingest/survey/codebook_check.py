"""Where an export and the codebook that was given for it disagree.

Belongs here: options and questions that only one of them has, and codes that mean one thing in the file's own labels
and another in the codebook. Does not belong here: matching columns (``binding``), single cells (``decoding``).
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.message import problem
from ingest.problem import Place, Problem, nearest_word
from ingest.survey.binding import Binding, Bound, plain
from ingest.survey.codebook import MULTIPLE, WITH_OPTIONS, Codebook, Question
from ingest.survey.export import Export
from ingest.survey.inference import ORIGIN


def disagreements(export: Export, codebook: Codebook, binding: Binding, file: str = "") -> list[Problem]:
    """Everything in which they disagree (STOP for this survey); a label that only reads otherwise is a warning.

    A codebook that is the file's own or was guessed from it is not asked. Personal questions may have been left out of
    an export, and the text of "other" stands among the answers in some.
    """
    if codebook is export.own or codebook.origin == ORIGIN:
        return []
    place = Place(file, sheet=export.sheet)
    found = [*_options_not_in_codebook(binding, codebook, place), *_not_in_file(export, codebook, binding, place)]
    for bound in binding.bound:
        found += _codes(export, bound, place)
    return found


def _options_not_in_codebook(binding: Binding, codebook: Codebook, place: Place) -> Iterator[Problem]:
    """Columns of options whose question is there and has no such option."""
    by_text = {plain(label): each for each in codebook.questions for label in (each.code, *each.labels.values())}
    for column in binding.unmatched:
        if column.part not in {"tick", "rank"}:
            continue
        question = by_text.get(plain(column.name)) or by_text.get(plain(column.text))
        if question is None:
            continue
        option = column.sub_text or column.sub_name
        known = [_shown(each.code, each.labels) for each in question.options]
        yield problem(
            "codebook_option_not_in", place, header=column.header or option, letters=column.letters, option=option,
            question=question.code, known=known,
        )  # fmt: skip


def _not_in_file(export: Export, codebook: Codebook, binding: Binding, place: Place) -> Iterator[Problem]:
    headers = [column.header for column in binding.unmatched if column.header]
    bound = {each.question.code: each for each in binding.bound}
    for question in codebook.questions:
        if question.repeat or question.is_personal or question.other_of:
            continue
        columns = bound[question.code].columns if question.code in bound else []
        if not columns:
            near = nearest_word(question.code, headers) or None
            yield problem("codebook_question_not_in_file", place, question=question.code, near=near)
        elif question.kind == MULTIPLE and bound[question.code].ticks:
            yield from _options_without_column(bound[question.code], place)
    repeats = {each.code for each in export.repeats}
    for code in sorted({each.repeat for each in codebook.questions if each.repeat} - repeats):
        yield problem("codebook_repeat_not_in_file", place, repeat=code)


def _options_without_column(bound: Bound, place: Place) -> Iterator[Problem]:
    for number, option in enumerate(bound.question.options, start=1):
        if number not in bound.ticks and not option.is_other:
            shown = _shown(option.code, option.labels)
            yield problem("codebook_option_without_column", place, question=bound.question.code, option=shown)


def _codes(export: Export, bound: Bound, place: Place) -> Iterator[Problem]:
    """The labels that the file has of its own codes against the codebook."""
    if export.own is None or bound.question.kind not in WITH_OPTIONS:
        return
    for column in bound.values:
        own = export.own.by_code.get(column.name)
        for each in own.options if own else ():
            yield from _code(bound, own, each.code, " / ".join(each.labels.values()), place) if own else ()


def _code(bound: Bound, own: Question, code: str, label: str, place: Place) -> Iterator[Problem]:
    options, question = bound.question.options, bound.question.code
    by_code = bound.choices.exact.get(code, 0)
    by_label = bound.choices.number(label) if label else 0
    if code in bound.question.missing:
        return
    if not by_code and not by_label:
        known = [_shown(each.code, each.labels) for each in options]
        yield problem("codebook_code_not_in", place, question=question, code_in_file=code, label=label, known=known)
    elif by_label and by_label != by_code:
        option = options[(by_code or by_label) - 1]
        meant = _shown(option.code, option.labels)
        yield problem(
            "codebook_code_means_other", place, question=question, code_in_file=code, label=label, meant=meant
        )
    elif not by_label and label and own.options[0].labels:
        meant = _shown(options[by_code - 1].code, options[by_code - 1].labels)
        yield problem("codebook_label_differs", place, question=question, code_in_file=code, label=label, meant=meant)


def _shown(code: str, labels: object) -> str:
    text = " / ".join(labels.values()) if isinstance(labels, dict) else ""
    return f"{code} ({text})" if text else code
