"""The codebook of a survey: its questions, their options and their routing, whatever it was imported from.

Belongs here: the shapes. Does not belong here: the formats (``codebook_xlsform``, ``codebook_lss``, the tools' own
labels), and finding a question behind a column of an export (``binding``).

As in XLSForm every row of a matrix is a question of its own with the matrix as ``parent``, and the text of "other" is a
question of its own, ``<question>_other``, that names the question in ``other_of``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

# Kinds of questions, in the words of XLSForm.
CHOICE, MULTIPLE, RANK = "select_one", "select_multiple", "rank"
INTEGER, DECIMAL, TEXT, DATE, TIME, DATETIME = "integer", "decimal", "text", "date", "time", "datetime"
KINDS = (CHOICE, MULTIPLE, RANK, INTEGER, DECIMAL, TEXT, DATE, TIME, DATETIME)
WITH_OPTIONS = (CHOICE, MULTIPLE, RANK)


@dataclass(frozen=True)
class Option:
    """One code of a question. ``labels``: language (en, ja, ...) to text; ``aliases``: further texts in old exports.

    ``state`` is dont_know, refused or not_applicable where the option stands for that, else empty. ``is_exclusive``:
    ticking it excludes the others ("none of these").
    """

    code: str
    labels: Mapping[str, str] = field(default_factory=dict)
    is_other: bool = False
    is_exclusive: bool = False
    state: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One question. ``relevant`` is the XLSForm expression under which it is shown, that of its groups included.

    ``parent`` and ``parent_labels`` are the innermost group with a label (a matrix, a section); ``repeat`` the repeat
    group that it is asked in, empty for the respondent's own. ``missing``: texts or codes of a number, text or date
    that stand for a state, such as 99 for dont_know. ``is_cleared``: somebody looked and says that it is not personal,
    whatever its wording announces.
    """

    code: str
    kind: str
    labels: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    parent: str = ""
    parent_labels: Mapping[str, str] = field(default_factory=dict)
    repeat: str = ""
    relevant: str = ""
    is_required: bool = False
    is_personal: bool = False
    other_of: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    is_cleared: bool = False


@dataclass(frozen=True)
class Codebook:
    """Questions in the order they are asked. ``origin``: where it came from (xlsform, lss, spss, ..., inferred)."""

    questions: tuple[Question, ...]
    origin: str
    languages: tuple[str, ...] = ("en",)
    title: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> Mapping[str, Question]:
        """The questions by their code."""
        return {question.code: question for question in self.questions}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Codebook:
        """A codebook that ``dataclasses.asdict`` turned into plain objects and JSON kept."""
        questions = []
        for each in plain["questions"]:
            options = tuple(Option(**{**option, "aliases": tuple(option["aliases"])}) for option in each["options"])
            questions.append(Question(**{**each, "options": options, "aliases": tuple(each["aliases"])}))
        return cls(**{**plain, "questions": tuple(questions), "languages": tuple(plain["languages"])})
