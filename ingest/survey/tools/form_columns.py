"""Answer columns of tools that follow XLSForm: names or labels with their groups, and one column for each option.

Belongs here: telling group, question and option apart in ``group/question/option``. Does not belong here: technical
columns, and any one tool.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.survey.export import SourceColumn
from ingest.survey.tools.evidence import holds_only

MARKS = {"0", "1", "True", "False", "TRUE", "FALSE"}
OTHER = "_other"
# The label that pyxform gives to the question which ``or_other`` adds.
SPECIFY_OTHER = re.compile(r"(?i)specify other\.?")


def answer_columns(
    columns: Sequence[SourceColumn],
    seen: Mapping[int, Sequence[str]],
    *,
    is_named: bool,
    has_summary: bool = False,
) -> tuple[SourceColumn, ...]:
    """The columns with question, option and part filled in; what is no answer stays as it is.

    ``text`` of each is its header. A question that has a column for each option needs its summary no more: the summary
    becomes a technical column. ``has_summary``: the tool never leaves it out, so without one there are no options.
    """
    headers = {column.text: column for column in columns if column.role == "answer"}
    options = _options(headers, seen, has_summary=has_summary)
    groups = _groups({*(header for header in headers if header not in options), *options.values()})
    found = []
    for column in columns:
        header = column.text
        if column.role != "answer":
            found.append(column)
        elif header in options:
            question = options[header]
            option = header.removeprefix(question + "/")
            found.append(_named(column, question, groups, option, is_named=is_named))
        elif header in options.values():
            found.append(replace(column, role="other_meta"))
        else:
            found.append(_named(column, header, groups, "", is_named=is_named))
    return _with_others(found, is_named=is_named)


def _options(
    headers: Mapping[str, SourceColumn], seen: Mapping[int, Sequence[str]], *, has_summary: bool
) -> Mapping[str, str]:
    """Headers of ticks and their question: all columns below one path hold marks, and it is a column or has several."""
    below: dict[str, list[str]] = defaultdict(list)
    for header in headers:
        parent = next((each for each in _parents(header) if each in headers), header.rpartition("/")[0])
        if parent:
            below[parent].append(header)
    found: dict[str, str] = {}
    for parent, each in below.items():
        texts = [seen[headers[header].place] for header in each]
        is_marked = all(holds_only(one, MARKS) for one in texts)
        # A group of one question that was answered with 0 and 1 looks the same.
        is_likely = not has_summary and len(each) > 1 and any(any(one) for one in texts)
        if is_marked and (parent in headers or is_likely):
            found |= dict.fromkeys(each, parent)
    return found


def _parents(header: str) -> list[str]:
    """Everything before one of the slashes, the longest first; a label may hold a slash itself."""
    places = [place for place, sign in enumerate(header) if sign == "/"]
    return [header[:place] for place in reversed(places)]


def _groups(questions: Iterable[str]) -> set[str]:
    """Paths that several questions begin with; a slash within one label makes no group."""
    counts: dict[str, int] = defaultdict(int)
    for question in questions:
        for parent in _parents(question):
            counts[parent] += 1
    return {path for path, count in counts.items() if count > 1}


def _named(column: SourceColumn, path: str, groups: set[str], option: str, *, is_named: bool) -> SourceColumn:
    """A column by the path of its question."""
    part = "tick" if option else "value"
    if is_named:
        return replace(column, part=part, name=path.rpartition("/")[2], text="", sub_name=option)
    group = next((each for each in _parents(path) if each in groups), "")
    label = path.removeprefix(group + "/") if group else path
    return replace(column, part=part, text=label, sub_text=option)


def _with_others(columns: Sequence[SourceColumn], *, is_named: bool) -> tuple[SourceColumn, ...]:
    """The texts of "other" given to the question in front of them."""
    names = {column.name for column in columns if column.role == "answer"}
    found: list[SourceColumn] = []
    before: SourceColumn | None = None
    for column in columns:
        owner = column.name.removesuffix(OTHER)
        if column.role != "answer":
            found.append(column)
        elif is_named and owner != column.name and owner in names:
            found.append(replace(column, part="other", name=owner))
        elif not is_named and before is not None and SPECIFY_OTHER.fullmatch(column.text):
            found.append(replace(column, part="other", text=before.text))
        else:
            before = column
            found.append(column)
    return tuple(found)
