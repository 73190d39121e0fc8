"""Where an export and the codebook that was given for it disagree.

Belongs here: options and questions that only one of them has, and codes that mean one thing in the file's own labels
and another in the codebook. Does not belong here: matching columns (``binding``), single cells (``decoding``).
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.message import problem
from ingest.problem import Place, Problem, nearest_word
from ingest.survey.binding import Binding, Bound, plain
from ingest.survey.codebook import MULTIPLE, WITH_OPTIONS, Codebook, Option
from ingest.survey.export import Export
from ingest.survey.inference import ORIGIN
from ingest.tables.cell_text import fold

TEXTS_SHOWN = 5


def disagreements(export: Export, codebook: Codebook, binding: Binding, file: str = "") -> list[Problem]:
    """Everything in which they disagree (STOP for this survey); a label that only reads otherwise is a warning.

    Columns whose cells hold labels in several languages are said too: they are read as the same codes.

    A codebook that is the file's own or was guessed from it cannot disagree. Personal questions may have been left out
    of an export, and the text of "other" stands among the answers in some.
    """
    place = Place(file, sheet=export.sheet)
    mixed = list(_mixed_labels(export, codebook, binding, place))
    if codebook is export.own or codebook.origin == ORIGIN:
        return mixed
    found = [*mixed, *_options_not_in_codebook(binding, codebook, place)]
    found += _not_in_file(export, codebook, binding, place)
    for bound in binding.bound:
        found += [*_codes(export, bound, place), *_missing_codes(export, bound, place)]
    return found


def labels_that_are_codes(binding: Binding, file: str) -> Iterator[Problem]:
    """Questions in which the label of one option is the code of another: labels would be read as codes."""
    for bound in binding.bound:
        if bound.columns and bound.choices.crossed:
            code, texts = bound.question.code, bound.choices.crossed[:TEXTS_SHOWN]
            yield problem("survey_codes_are_labels", Place(file), question=code, texts=texts)


def _mixed_labels(export: Export, codebook: Codebook, binding: Binding, place: Place) -> Iterator[Problem]:
    """Columns that hold labels of one language and of another, as far as the first batch shows."""
    columns = [
        (bound, column)
        for bound in binding.bound
        if bound.question.kind in WITH_OPTIONS
        for column in bound.values
    ]  # fmt: skip
    if len(codebook.languages) < 2 or not columns:
        return
    batch = next(export.batches(frozenset(column.place for _, column in columns)), None)
    if batch is None:
        return
    found = []
    for bound, column in columns:
        by_language = {
            language: {fold(each.labels[language]) for each in bound.question.options if each.labels.get(language)}
            for language in codebook.languages
        }
        examples: dict[str, str] = {}
        for text in batch[f"c{column.place + 1}"].unique().to_pylist():
            of = [language for language, labels in by_language.items() if fold(text) in labels]
            if len(of) == 1:
                examples.setdefault(of[0], text)
        if len(examples) > 1:
            texts = ", ".join(f"{language}: {text}" for language, text in examples.items())
            found.append(f"{bound.question.code} ({texts})")
    if found:
        yield problem("codebook_labels_mixed", place, n=len(found), first=found[0])


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
            yield from _code(bound, each, place)


def _missing_codes(export: Export, bound: Bound, place: Place) -> Iterator[Problem]:
    """Codes that the file declares missing and the codebook takes for an answer: 999 would be somebody's age."""
    names = dict.fromkeys(column.name for column in bound.columns)
    own = [export.own.by_code[name] for name in names if export.own and name in export.own.by_code]
    missing = {code: state for each in own for code, state in each.missing.items()}
    lost = [
        f"{code}={state}"
        for code, state in missing.items()
        if code not in bound.question.missing and not bound.choices.number(code)
    ]
    if lost:
        yield problem("codebook_missing_not_in", place, question=bound.question.code, codes=lost)


def _code(bound: Bound, own: Option, place: Place) -> Iterator[Problem]:
    """One code of the file against the codebook; ``translate`` has named those by their label that are no codes."""
    options, question, code = bound.question.options, bound.question.code, own.code
    label = " / ".join(own.labels.values())
    by_code = bound.choices.number(code)
    by_label = next((found for text in own.labels.values() if (found := bound.choices.number(text))), 0)
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
    elif not by_label and label and options[0].labels:
        meant = _shown(options[by_code - 1].code, options[by_code - 1].labels)
        yield problem("codebook_label_differs", place, question=question, code_in_file=code, label=label, meant=meant)


def _shown(code: str, labels: object) -> str:
    text = " / ".join(labels.values()) if isinstance(labels, dict) else ""
    return f"{code} ({text})" if text else code
