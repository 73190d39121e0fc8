"""What stands in the header rows of a survey export: texts without markup, their common beginning, technical columns.

Belongs here: what the readers of several tools need of a header. Does not belong here: any one tool.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.cells import Cells
from ingest.survey.export import SourceColumn
from ingest.survey.signature import signatures
from ingest.tables.cell_text import fold, one_line
from ingest.values.tables import read_table_beside

BREAKS = re.compile(r"(?i)<\s*(?:br|/p|/div|/li)[^<>]{0,200}>")
TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>")


def plain_heading(text: str) -> str:
    """A header's text on one line, without HTML tags and entities."""
    return one_line(html.unescape(TAGS.sub("", BREAKS.sub(" ", text))))


def common_stem(texts: Sequence[str], separator: str) -> str:
    """What all texts begin with before a separator, the longest; of a single text all before its last separator."""
    if len(set(texts)) == 1:
        return texts[0].rpartition(separator)[0]
    stem = min(texts, key=len)
    while stem and not all(text.startswith(stem + separator) for text in texts):
        stem = stem.rpartition(separator)[0]
    return stem


@cache
def meta_roles(tool: str) -> Mapping[str, str]:
    """Folded headers of a tool's technical columns and their roles, by the reviewed table ``form_meta.csv``."""
    rows = [row for row in read_table_beside(__file__, "form_meta") if row["tool"] == tool]
    return {fold(header): row["role"] for row in rows for header in row["header"].split("|")}


def table_with(tables: Iterable[Cells], tool: str) -> Cells:
    """The first table that has every mark which one of the tool's signatures needs; ``tool`` begins their names.

    Raises:
        SourceError: there is none; tells the marks that the first table lacks.
    """
    tables = tuple(tables)
    wanted = [marks for name, marks in signatures().items() if name.startswith(tool)]
    for table in tables:
        if any(all(mark.is_in(table.head, b"") for mark in marks if mark.is_needed) for marks in wanted):
            return table
    head = tables[0].head if tables else ()
    missing = [str(mark) for mark in wanted[0] if mark.is_needed and not mark.is_in(head, b"")]
    where = Place(tables[0].file, tables[0].sheet) if tables else Place(tool)
    raise SourceError([problem("survey_forms_not_this_tool", where, tool=tool, marks=missing)])


def repeats_told(where: Place, names: Sequence[str]) -> Problem:
    """That repeats were read as tables of their own."""
    return problem("survey_forms_repeats", where, repeats=list(names))


def labels_of_ticks(columns: Iterable[SourceColumn]) -> tuple[str, ...]:
    """The labels that the header has of options: a cell below repeats its own, however the codebook words it."""
    return tuple(dict.fromkeys(each.sub_text for each in columns if each.part == "tick" and each.sub_text))
