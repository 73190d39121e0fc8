"""The ticks of SurveyCTO, which have an underscore between question and option as any other name may have.

Belongs here: telling them from questions by what stands in them. Does not belong here: ticks that their header tells
(``form_columns``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.survey.export import SourceColumn


def with_underscored(columns: Sequence[SourceColumn], seen: Mapping[int, Sequence[str]]) -> tuple[SourceColumn, ...]:
    """Columns such as ``fields_1``, which hold 1 in exactly the rows where the list in ``fields`` names 1."""
    lists = {each.name: each for each in columns if each.role == "answer" and each.part == "value"}
    found, summaries = [], set()
    for column in columns:
        owner, _, option = column.name.rpartition("_")
        if (
            column.part == "value"
            and owner in lists
            and _is_tick_of(seen[column.place], seen[lists[owner].place], option)
        ):
            found.append(replace(column, part="tick", name=owner, sub_name=option))
            summaries.add(lists[owner].place)
        else:
            found.append(column)
    return tuple(replace(each, role="other_meta") if each.place in summaries else each for each in found)


def _is_tick_of(marks: Sequence[str], lists: Sequence[str], option: str) -> bool:
    pairs = [(mark == "1", option in each.split()) for mark, each in zip(marks, lists, strict=True)]
    return set(marks) <= {"", "0", "1"} and any(mark for mark, _ in pairs) and all(mark == one for mark, one in pairs)
