"""Variables that together are one question with several answers.

Belongs here: the sets that a file declares, and those that names, labels and values of its variables show where it
declares none. Does not belong here: the question made of a set (``labelled_codebook``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ingest.survey.tools.statistical_file import NUMBER, Variable, value_text

# Where the text of the question ends in a label, by the tools that write such files.
STEM = re.compile(r".*(?:[:：|?？/]|\s[-–—]|[-–—]\s)", re.DOTALL)
IN_BRACKETS = re.compile(r"^\[(?P<rest>.+?)\]\s*(?P<stem>.+)$|^(?P<stem2>.+?)\s*\[(?P<rest2>[^\]]+)\]$", re.DOTALL)
TICKS = {"0", "1", ""}


@dataclass(frozen=True)
class ResponseSet:
    """One set: its variables with the code and label of the option that each stands for.

    ``counted`` is the code that means ticked in a set of dichotomies; a set of categories has none.
    """

    code: str
    label: str
    names: tuple[str, ...]
    codes: tuple[str, ...]
    labels: tuple[str, ...]
    counted: str = "1"
    is_dichotomy: bool = True


def declared_sets(
    found: Mapping[str, Mapping[str, Any]], variables: Sequence[Variable]
) -> tuple[list[ResponseSet], list[str]]:
    """The sets of ``meta.mr_sets``, and the names in them that no variable has."""
    by_name = {each.name: each for each in variables}
    folded = {each.name.casefold(): each.name for each in variables}
    sets, unknown, taken = [], [], set[str]()
    for code, each in found.items():
        # A name that cannot be decoded is none.
        listed = [str(name) for name in each["variable_list"]]
        named = [folded.get(name.casefold(), "") for name in listed]
        unknown += [name for name, known in zip(listed, named, strict=True) if not known]
        members = [by_name[name] for name in named if name and name not in taken]
        if len(members) < 2:
            continue
        taken.update(member.name for member in members)
        counted = value_text(each["counted_value"]).strip() if each["is_dichotomy"] else ""
        texts = [member.label or member.name for member in members]
        stem, rests = _stem(texts)
        label = each["label"] or stem
        names = tuple(member.name for member in members)
        sets.append(ResponseSet(code, label, names, _codes(names), tuple(rests), counted, each["is_dichotomy"]))
    return sets, unknown


def guessed_sets(variables: Sequence[Variable], first: Mapping[str, Sequence[str]]) -> list[ResponseSet]:
    """Neighbours named ``q2_1``, ``q2_2``, ... of which the first values (``first``) are ticks and the labels begin
    alike, or are the options of values 0 and 1 only.
    """
    sets = []
    for stem, members in groupby(variables, key=lambda each: each.name.rpartition("_")[0]):
        ticks = [each for each in members if _is_tick(each, first.get(each.name, ()))]
        if not stem or len(ticks) < 2:
            continue
        label, rests = _stem([each.label for each in ticks])
        if not label and any(each.label for each in ticks):
            continue
        names = tuple(each.name for each in ticks)
        texts = rests if label else [each.label or name for each, name in zip(ticks, names, strict=True)]
        sets.append(ResponseSet(stem, label, names, _codes(names), tuple(texts)))
    return sets


def _is_tick(variable: Variable, texts: Sequence[str]) -> bool:
    codes = set(variable.values) - set(variable.missing)
    seen = set(texts) - set(variable.missing)
    return variable.shape == NUMBER and codes <= TICKS and seen <= TICKS and "1" in (seen | codes)


def _beginning(texts: Sequence[str]) -> str:
    """The signs that all texts begin with; what the first and the last in order share, all share."""
    first, last = min(texts), max(texts)
    length = next((place for place, sign in enumerate(first) if last[place : place + 1] != sign), len(first))
    return first[:length]


def _codes(names: Sequence[str]) -> tuple[str, ...]:
    """What is left of the names without their common beginning, which ends at a low line."""
    shared = _beginning(names)
    shared = shared[: shared.rfind("_") + 1]
    return tuple(name[len(shared) :] or name for name in names)


def _stem(labels: Sequence[str]) -> tuple[str, list[str]]:
    """The text that all labels share and what is left of each; an empty text where they share none."""
    found = STEM.match(_beginning(labels))
    if found:
        pairs = [(found[0].strip(" :：|/-–—"), label[found.end() :].strip(" -–—")) for label in labels]
    else:
        pairs = [_cut_brackets(label) for label in labels]
    is_shared = len({stem for stem, _ in pairs}) == 1 and bool(pairs[0][0])
    if is_shared and all(rest for _, rest in pairs) and len({rest for _, rest in pairs}) == len(labels):
        return pairs[0][0], [rest for _, rest in pairs]
    return "", list(labels)


def _cut_brackets(label: str) -> tuple[str, str]:
    found = IN_BRACKETS.match(label)
    if not found:
        return "", label
    return (found["stem"] or found["stem2"]).strip(), (found["rest"] or found["rest2"]).strip()


def joined(members: Sequence[Sequence[str]]) -> Iterator[str]:
    """The codes of a set of categories as one list for each row; an empty text where none is given."""
    for codes in zip(*members, strict=True):
        yield ";".join(dict.fromkeys(code for code in codes if code))
