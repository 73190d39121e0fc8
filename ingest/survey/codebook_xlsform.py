"""The codebook of a survey from an XLSForm workbook: the sheets ``survey``, ``choices`` and ``settings``.

Belongs here: what the rows of the form mean, and every fault in them with its cell. Does not belong here: finding its
columns (``xlsform_sheet``), writing a form (``xlsform_writing``), evaluating ``relevant`` (``routing``).

Beside those of XLSForm (xlsform.org) these columns are read: in ``choices`` ``is_exclusive``, ``state`` (dont_know,
refused, not_applicable), ``aliases`` and ``is_other``; in ``survey`` ``missing`` (``99=dont_know|98=refused``),
``personal``, ``other_of``, ``aliases`` and ``group`` (the code of a group that stands in two pieces); in ``settings``
``title_ja`` and so on. Several aliases stand with ``|`` between them. Other columns are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError, nearest_word
from ingest.survey.codebook import DECIMAL, INTEGER, TEXT, Codebook, Option, Question
from ingest.survey.state import OPTION_STATES, State
from ingest.survey.xlsform_sheet import FormRow, FormSheet, form_sheet, language_of
from ingest.tables.cell_text import fold
from ingest.tables.container import check_container
from ingest.tables.file_kind import file_kind
from ingest.tables.grid import Grid
from ingest.tables.printed import Hints
from ingest.tables.workbook import read_grids
from ingest.values.reading import read_value
from ingest.values.tables import read_table_beside

ORIGIN = "xlsform"
DEFAULT_LANGUAGE = "en"
# The code and the labels that ``or_other`` adds; the code and the English label are pyxform's, the others ours.
OTHER = "other"
OTHER_LABELS = {"en": "Other", "ja": "その他"}
OTHER_TEXT_LABELS = {"en": "Specify other.", "ja": "その他（具体的に）"}
MISSING_STATES = (*OPTION_STATES, State.NOT_ANSWERED, State.NOT_SHOWN)
BEHIND_LIST = {"", "orother", "orspecifyother"}
NAMED = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
WORKBOOKS = {"xlsx", "xlsm", "ods"}


@dataclass(frozen=True)
class _Group:
    """An open group: its kind (group, repeat), name, labels, own condition, and the row it began in."""

    kind: str
    name: str
    labels: Mapping[str, str]
    relevant: str
    row: FormRow


@dataclass
class _Form:
    """What was read so far."""

    lists: Mapping[str, tuple[Option, ...]]
    told: list[Problem] = field(default_factory=list)
    groups: list[_Group] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    # Names in the form with the cell they stand in: those of questions, and all that a condition may speak of.
    named: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    conditions: list[tuple[FormRow, str]] = field(default_factory=list)


def read_xlsform(path: Path) -> Codebook:
    """The codebook that an XLSForm workbook (xlsx, ods) holds.

    Raises:
        SourceError: no workbook, no sheet ``survey``, or faults in the form: all of them, each with sheet and cell.
    """
    kind = file_kind(path)
    if kind not in WORKBOOKS:
        raise SourceError([problem("codebook_no_workbook", Place(path.name), kind=kind)])
    check_container(path, kind)
    grids = {fold(grid.sheet): grid for grid in read_grids(path, kind, Hints())}
    if "survey" not in grids:
        sheets = [grid.sheet for grid in grids.values()]
        raise SourceError([problem("codebook_sheet_missing", Place(path.name), sheets=sheets)])
    settings = _settings(path, grids.get("settings"))
    language = language_of(settings["default_language"]) if settings and settings["default_language"] else ""
    survey = form_sheet(path, grids["survey"], language or DEFAULT_LANGUAGE)
    choices = form_sheet(path, grids["choices"], language or DEFAULT_LANGUAGE) if "choices" in grids else None
    told = list(_missing_columns(survey, ("type", "name")))
    told += list(_missing_columns(choices, ("list_name", "name"))) if choices else []
    if told:
        raise SourceError(told)
    lists, told = _lists(choices) if choices else ({}, [])
    form = _Form(lists, told)
    for row in survey.rows():
        _read_row(form, row)
    _check_end(form, path)
    if form.told:
        raise SourceError(form.told)
    languages = dict.fromkeys((*survey.languages, *(choices.languages if choices else ())))
    title = dict(settings.translated.get("form_title", {})) if settings else {}
    for code in languages:
        if settings and settings[f"title_{code}"]:
            title[code] = settings[f"title_{code}"]
    return Codebook(tuple(_with_others(form.questions)), ORIGIN, tuple(languages) or (DEFAULT_LANGUAGE,), title)


def _settings(path: Path, grid: Grid | None) -> FormRow | None:
    """The one row of settings; a title without a language is in the default one."""
    if grid is None:
        return None
    first = next(form_sheet(path, grid, DEFAULT_LANGUAGE).rows(), None)
    language = first["default_language"] if first else ""
    return next(form_sheet(path, grid, language_of(language)).rows(), None) if language else first


def _missing_columns(sheet: FormSheet, names: Sequence[str]) -> Iterator[Problem]:
    place = Place(sheet.file, sheet.grid.sheet, row=1)
    for name in names:
        if name not in sheet.columns:
            header = [text for text in sheet.grid.rows[0] if text]
            yield problem("codebook_column_missing", place, column=name, header=header)


def _lists(choices: FormSheet) -> tuple[dict[str, tuple[Option, ...]], list[Problem]]:
    """The options of each list, and what is wrong with them."""
    lists: dict[str, list[Option]] = {}
    cells: dict[tuple[str, str], str] = {}
    told: list[Problem] = []
    for row in choices.rows():
        name, code = row["list_name"], row["name"]
        if not name:
            continue
        if not code:
            told.append(problem("codebook_option_unnamed", row.place("name"), list=name))
        elif (name, code) in cells:
            first = cells[name, code]
            told.append(problem("codebook_option_twice", row.place("name"), list=name, option=code, first=first))
        else:
            cells[name, code] = row.place("name").cell
            lists.setdefault(name, []).append(_option(row))
        if row["state"] and row["state"] not in OPTION_STATES:
            states = list(OPTION_STATES)
            told.append(problem("codebook_state_unknown", row.place("state"), state=row["state"], states=states))
    return {name: tuple(options) for name, options in lists.items()}, told


def _option(row: FormRow) -> Option:
    return Option(
        row["name"], row.translated.get("label", {}), _is_yes(row["is_other"]) or row["name"] == OTHER,
        _is_yes(row["is_exclusive"]), row["state"], _aliases(row),
    )  # fmt: skip


def _is_yes(text: str) -> bool:
    return read_value("boolean", text.removesuffix("()")).value == "true" if text else False


def _is_no(text: str) -> bool:
    return read_value("boolean", text.removesuffix("()")).value == "false" if text else False


def _aliases(row: FormRow) -> tuple[str, ...]:
    return tuple(text.strip() for text in row["aliases"].split("|") if text.strip())


def _read_row(form: _Form, row: FormRow) -> None:
    if not row["type"] or _is_yes(row["disabled"]):
        return
    meaning, kind, words, is_personal = _type(row["type"])
    if not meaning:
        near = nearest_word(row["type"], [each["type"] for each in _types().values()])
        form.told.append(problem("codebook_type_unknown", row.place("type"), type=row["type"], near=near or None))
    elif meaning == "end":
        _close_group(form, row, kind)
    elif meaning == "begin":
        # A repeat group must have a label in XLSForm; its name alone says nothing.
        name = row["group"] or row["name"]
        labels = {each: text for each, text in row.translated.get("label", {}).items() if text != name}
        form.groups.append(_Group(kind, name, labels, row["relevant"], row))
        form.known.add(row["name"])
        _keep_condition(form, row)
    elif meaning == "nothing":
        form.known.add(row["name"])
    elif not row["name"]:
        form.told.append(problem("codebook_name_missing", row.place("name"), type=row["type"]))
    else:
        _read_question(form, row, kind, _options(form, row, meaning, words), is_personal, "".join(words[1:]))


def _type(printed: str) -> tuple[str, str, list[str], bool]:
    """Meaning, kind, the words behind the type, and whether it is personal; all empty for an unknown type."""
    words = printed.split()
    for count in range(len(words), 0, -1):
        row = _types().get(_type_key(" ".join(words[:count])))
        if row and (row["meaning"] == "select" or count == len(words)):
            return row["meaning"], row["kind"], words[count:], row["is_personal"] == "yes"
    return "", "", [], False


def _types() -> Mapping[str, Mapping[str, str]]:
    return {_type_key(row["type"]): row for row in read_table_beside(__file__, "xlsform_type")}


def _type_key(text: str) -> str:
    return fold(text).replace("_", "")


def _options(form: _Form, row: FormRow, meaning: str, words: Sequence[str]) -> tuple[Option, ...]:
    """The options of a choice. Those of a list that is not there are told."""
    if meaning == "acknowledged":
        return (Option("OK", {"en": "OK"}),)
    if meaning != "select":
        return ()
    name = words[0] if words else ""
    if _type_key("".join(words[1:])) not in BEHIND_LIST:
        form.told.append(problem("codebook_type_unknown", row.place("type"), type=row["type"], near=None))
    elif name not in form.lists:
        near = nearest_word(name, form.lists) or None
        shown = name or None
        form.told.append(problem("codebook_list_missing", row.place("type"), list=shown, type=row["type"], near=near))
    return form.lists.get(name, ())


def _read_question(
    form: _Form, row: FormRow, kind: str, options: tuple[Option, ...], is_personal: bool, behind: str
) -> None:
    labels = row.translated.get("label", {})
    labelled = next((group for group in reversed(form.groups) if group.labels), None)
    _keep_condition(form, row)
    question = Question(
        code=row["name"],
        kind=DECIMAL if kind == INTEGER and "." in row["parameters"] else kind,
        labels=labels,
        options=options,
        parent=labelled.name if labelled else "",
        parent_labels=labelled.labels if labelled else {},
        repeat=next((group.name for group in reversed(form.groups) if group.kind == "repeat"), ""),
        relevant=_joined([*(group.relevant for group in form.groups), row["relevant"]]),
        is_required=bool(row["required"]) and row["required"].casefold().strip() not in {"no", "false", "false()", "0"},
        is_personal=is_personal or _is_yes(row["personal"]),
        is_cleared=_is_no(row["personal"]),
        missing=_missing(form, row),
        aliases=_aliases(row),
        other_of=row["other_of"],
    )
    if behind and not any(option.is_other for option in options):
        languages = {language for option in options for language in option.labels} | set(labels)
        question = replace(question, options=(*options, Option(OTHER, _of(OTHER_LABELS, languages), is_other=True)))
    _add(form, row, question)
    if behind:
        shown_by = f"selected(${{{question.code}}}, '{OTHER}')"
        _add(form, row, replace(
            question, code=f"{question.code}_{OTHER}", kind=TEXT, options=(), other_of=question.code, missing={},
            labels=_of(OTHER_TEXT_LABELS, set(labels)), relevant=_joined([question.relevant, shown_by]),
            is_required=False, aliases=(),
        ))  # fmt: skip


def _of(labels: Mapping[str, str], languages: set[str]) -> dict[str, str]:
    return {language: text for language, text in labels.items() if language in languages or language == "en"}


def _joined(conditions: Sequence[str]) -> str:
    """Conditions that must all hold; brackets only where there are several."""
    given = [condition for condition in conditions if condition]
    return given[0] if len(given) == 1 else " and ".join(f"({condition})" for condition in given)


def _add(form: _Form, row: FormRow, question: Question) -> None:
    first = form.named.get(question.code)
    if first:
        form.told.append(problem("codebook_name_twice", row.place("name"), name=question.code, first=first))
        return
    form.named[question.code] = row.place("name").cell
    form.known.add(question.code)
    form.questions.append(question)


def _missing(form: _Form, row: FormRow) -> dict[str, str]:
    found = {}
    for pair in re.split(r"[|;,]", row["missing"]):
        text, equals, state = (part.strip() for part in pair.partition("="))
        if not pair.strip():
            continue
        if not equals or not text or state not in MISSING_STATES:
            states = list(MISSING_STATES)
            form.told.append(problem("codebook_missing_bad", row.place("missing"), pair=pair.strip(), states=states))
        else:
            found[text] = state
    return found


def _keep_condition(form: _Form, row: FormRow) -> None:
    form.conditions += [(row, name) for name in NAMED.findall(row["relevant"])]


def _close_group(form: _Form, row: FormRow, kind: str) -> None:
    if not form.groups or form.groups[-1].kind != kind:
        opened = f"begin_{form.groups[-1].kind} {form.groups[-1].name}".strip() if form.groups else None
        form.told.append(problem("codebook_group_not_open", row.place("type"), type=row["type"], opened=opened))
    if form.groups:
        form.groups.pop()


def _check_end(form: _Form, path: Path) -> None:
    for group in form.groups:
        form.told.append(problem("codebook_group_open", group.row.place("type"), kind=group.kind, name=group.name))
    for row, name in form.conditions:
        if name not in form.known:
            near = nearest_word(name, form.known) or None
            form.told.append(problem("codebook_condition_unknown", row.place("relevant"), name=name, near=near))
    if not form.questions and not form.told:
        form.told.append(problem("codebook_empty", Place(path.name, "survey")))


def _with_others(questions: Sequence[Question]) -> Iterator[Question]:
    """A text named ``<question>_other`` after a choice with the option "other" is the text of that option."""
    choices = {each.code for each in questions if any(option.is_other for option in each.options)}
    for question in questions:
        of = question.code.removesuffix(f"_{OTHER}")
        is_other = question.kind == TEXT and not question.other_of and of != question.code and of in choices
        yield replace(question, other_of=of) if is_other else question
