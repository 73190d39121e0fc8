"""The elements of an EUSurvey questionnaire in XML: which of them are questions, and what belongs to which.

Belongs here: the order in which the exporter writes them (EUSURVEY ``XmlExportCreator``). Does not belong here: the
codebook made of them (``eusurvey_questionnaire``), XML itself (``eusurvey_xml_file``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest.survey import codebook

KINDS = {
    "Single Choice": codebook.CHOICE, "Multiple Choice": codebook.MULTIPLE, "Ranking": codebook.RANK,
    "Single Choice Matrix Question": codebook.CHOICE, "Multiple Choice Matrix Question": codebook.MULTIPLE,
    "SingleChoice": codebook.CHOICE, "MultipleChoice": codebook.MULTIPLE, "Number": codebook.DECIMAL,
    "Formula": codebook.DECIMAL, "Date": codebook.DATE, "Time": codebook.TIME, "Rating": codebook.INTEGER,
}  # fmt: skip
# What holds no answer of its own: prints, and cells of a table that are not filled in.
SILENT = {"Line", "File Download", "Text", "Image", "Section", "Empty", "StaticText"}
OPTIONS = {"Answer", "RankingItem"}


@dataclass(frozen=True)
class Element:
    """One element of the questionnaire: its tag, its attributes, its text, for a cell of a table its options."""

    tag: str
    attributes: Mapping[str, str]
    text: str
    children: tuple[Element, ...] = ()

    @property
    def uid(self) -> str:
        """EUSurvey's own id."""
        return self.attributes.get("id", "")

    @property
    def kind(self) -> str:
        """The type as the exporter names it."""
        return self.attributes.get("type", "")


@dataclass
class Draft:
    """A question while its elements are read; ``group`` is the id of its matrix or table, ``column`` of a table."""

    element: Element
    kind: str
    parent: str
    group: str = ""
    column: str = ""
    options: list[Element] = field(default_factory=list)


class _Drafts:
    """Questions in their order; options, rows and columns stand behind the question or title that they belong to."""

    def __init__(self, elements: Sequence[Element]) -> None:
        self.found: list[Draft] = []
        self.section = self.group = ""
        self.rows: list[Draft] = []
        for each in elements:
            if each.kind not in SILENT or each.tag == "Section":
                READ.get(each.tag, _Drafts.option)(self, each)

    def begin_section(self, each: Element) -> None:
        self.section = each.uid

    def begin_group(self, each: Element) -> None:
        self.group, self.rows = each.uid, []

    def question(self, each: Element) -> None:
        if each.kind == "Rating":
            self.begin_group(each)
        else:
            self.found.append(Draft(each, KINDS.get(each.kind, codebook.TEXT), self.section))

    def part(self, each: Element) -> None:
        """A row of a matrix or rating, or a cell of a complex table with its own options."""
        kind = codebook.INTEGER if each.tag == "RatingQuestion" else KINDS.get(each.kind, codebook.TEXT)
        options = [child for child in each.children if child.tag == "Answer"]
        self.found.append(Draft(each, kind, self.group, self.group, options=options))
        self.rows.append(self.found[-1])

    def table_row(self, each: Element) -> None:
        self.rows.append(Draft(each, codebook.TEXT, self.group, self.group))

    def table_column(self, each: Element) -> None:
        self.found.extend(replace(row, column=each.uid) for row in self.rows)

    def scale(self, each: Element) -> None:
        for row in self.rows:
            row.options.append(each)

    def option(self, each: Element) -> None:
        if each.tag in OPTIONS and self.found:
            self.found[-1].options.append(each)


READ: Mapping[str, Callable[[_Drafts, Element], None]] = {
    "Section": _Drafts.begin_section, "MatrixTitle": _Drafts.begin_group, "TableTitle": _Drafts.begin_group,
    "ComplexTableTitle": _Drafts.begin_group, "Question": _Drafts.question, "MatrixQuestion": _Drafts.part,
    "RatingQuestion": _Drafts.part, "Cell": _Drafts.part, "TableQuestion": _Drafts.table_row,
    "TableAnswer": _Drafts.table_column, "MatrixAnswer": _Drafts.scale,
}  # fmt: skip


def drafts_of(elements: Sequence[Element]) -> list[Draft]:
    """The questions among the elements of one language, in their order, each with its options."""
    return _Drafts(elements).found
