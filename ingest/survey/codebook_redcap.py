"""The codebook that REDCap's data dictionary (CSV) holds: fields, choices, forms and branching logic.

Belongs here: what the columns of the dictionary become. Does not belong here: exports (``tools.redcap``), and
conditions as such (``relevance``). Source: the data dictionary of REDCap, its field types and validations.

Names of columns differ between the dictionary of the web page and that of the interface for programs; both are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.cells import tables_of
from ingest.survey.codebook import CHOICE, MULTIPLE, TEXT, Codebook, Option, Question
from ingest.survey.relevance import Answer, NotSimpleError, relevant_of
from ingest.tables.cell_text import one_line
from ingest.values.tables import read_table_beside

ORIGIN = "redcap"
MARKUP = re.compile(r"<[^<>]{0,2000}>")
# [field], [field(code)], and with an event before it.
FIELD = re.compile(r"\[([a-z][a-z0-9_]*)(?:\(([^()]+)\))?\]")
NONE_OF_THESE = re.compile(r"@NONEOFTHEABOVE\s*=\s*['\"]?([^'\"\s]+)")
CHOICES_OF: Mapping[str, str] = {"yesno": "1, Yes | 0, No", "truefalse": "1, True | 0, False"}


def read_dictionary(path: Path) -> tuple[Codebook, tuple[Problem, ...]]:
    """The codebook of a data dictionary, and which of its conditions could not be translated.

    Raises:
        SourceError: the file has not the columns of a data dictionary.
    """
    table = tables_of(path)[0]
    names = names_of_fields()
    header = [names.get(one_line(cell), one_line(cell)) for cell in table.head[0]]
    if missing := sorted({"field_name", "form_name", "field_type", "field_label"} - set(header)):
        raise SourceError([problem("redcap_no_dictionary", Place(path.name), columns=missing)])
    batches = table.after(1)(frozenset())
    cells = [list(row.values())[1:] for batch in batches for row in batch.to_pylist()]
    fields = [_Field(dict(zip(header, row, strict=False))) for row in cells]
    dictionary = _Dictionary(path.name, {each.name: each for each in fields if each.name})
    return dictionary.codebook(), tuple(dictionary.problems)


def names_of_fields() -> Mapping[str, str]:
    """The columns of a dictionary as they are printed, each with its name."""
    return {row["text"]: row["name"] for row in read_table_beside(__file__, "redcap_dictionary")}


@dataclass(frozen=True)
class _Field:
    """One row of the dictionary."""

    row: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.row["field_name"].strip()

    def of(self, column: str) -> str:
        return self.row.get(column, "").strip()

    @property
    def kind(self) -> str:
        """A kind of XLSForm's; empty for a field that asks nothing."""
        if self.of("field_type") != "text":
            return next((row["kind"] for row in _kinds() if row["type"] == self.of("field_type")), "")
        validation = self.of("validation")
        return next((row["kind"] for row in _kinds() if row["type"] == f"text:{validation.split('_')[0]}"), TEXT)

    @property
    def options(self) -> tuple[Option, ...]:
        """The choices, ``1, Yes | 2, No``; a label may hold commas, and none holds the line."""
        text = CHOICES_OF.get(self.of("field_type"), self.of("choices"))
        exclusive = {found[1] for found in NONE_OF_THESE.finditer(self.of("annotation"))}
        pairs = [part.partition(",") for part in text.split("|") if part.strip()]
        return tuple(
            Option(code.strip(), {"en": _clean(label)}, is_exclusive=code.strip() in exclusive)
            for code, _, label in pairs
        )


def _kinds() -> Sequence[Mapping[str, str]]:
    return read_table_beside(__file__, "redcap_kinds")


@dataclass
class _Dictionary:
    """The fields by name."""

    file: str
    fields: Mapping[str, _Field]

    def __post_init__(self) -> None:
        self.problems: list[Problem] = []

    def codebook(self) -> Codebook:
        return Codebook(tuple(self._questions()), ORIGIN)

    def _questions(self) -> Iterator[Question]:
        section = ("", "")
        # The first field numbers the records.
        for field in [*self.fields.values()][1:]:
            if field.of("section") or field.of("form_name") != section[0]:
                section = field.of("form_name"), _clean(field.of("section"))
            if not field.kind:
                continue
            matrix = field.of("matrix")
            question = Question(
                field.name, field.kind, {"en": _clean(field.of("field_label"))},
                parent=matrix or section[0], parent_labels={"en": section[1]} if section[1] else {},
                relevant=self._relevant(field), is_required=field.of("required").lower() == "y",
                is_personal=self._is_personal(field),
            )  # fmt: skip
            has_options = field.kind in {CHOICE, MULTIPLE}
            yield replace(question, options=field.options) if has_options else question

    @staticmethod
    def _is_personal(field: _Field) -> bool:
        is_file = field.of("field_type") in {"file", "signature"}
        return is_file or field.of("identifier").lower() == "y" or field.of("validation") in {"email", "phone"}

    def _relevant(self, field: _Field) -> str:
        logic = one_line(field.of("logic"))
        try:
            return relevant_of(logic, self._answer)
        except NotSimpleError:
            told = {"question": field.name, "condition": logic}
            self.problems.append(problem("redcap_logic_unread", Place(self.file), **told))
            return ""

    def _answer(self, name: str) -> Answer | None:
        found = FIELD.fullmatch(name)
        field = self.fields.get(found[1]) if found else None
        if not found or field is None:
            return None
        if (field.kind == MULTIPLE) != bool(found[2]):
            return None
        return Answer(field.name, found[2] or "")


def _clean(text: str) -> str:
    return one_line(unescape(MARKUP.sub(" ", text)))
