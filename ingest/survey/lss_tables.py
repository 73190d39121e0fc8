"""The tables of a LimeSurvey structure file (.lss) as rows of texts, in a safe reading of its XML.

Belongs here: the XML, its limits, and where texts stand in old and new versions. Does not belong here: what questions
and answers mean (``codebook_lss``). Until version 3 the text of a question stood in one row for each language; since
version 4 the tables ``question_l10ns``, ``answer_l10ns`` and ``group_l10ns`` hold the texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from ingest.message import problem
from ingest.problem import Place, SourceError

Row = Mapping[str, str]
Labels = Mapping[str, str]
# Rows of all tables: a survey of a thousand questions in ten languages has a tenth.
MOST_ROWS = 500_000


@dataclass(frozen=True)
class Structure:
    """A survey's tables by name, and its languages, the base language first."""

    tables: Mapping[str, tuple[Row, ...]]
    languages: tuple[str, ...]

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of a table, one for each key where an old version has one for each language."""
        rows = self.tables.get(table, ())
        base = self.languages[0]
        return tuple(row for row in rows if row.get("language", base) == base)

    def labels(self, table: str, key: str, text: str) -> Mapping[str, Labels]:
        """Texts by language of each row of a table, by its key (qid, gid, aid)."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for name in (table, TEXTS_OF.get(table, "")):
            for row in self.tables.get(name, ()):
                if row.get(text) and row.get(key):
                    found[row[key]][row.get("language", self.languages[0])] = row[text]
        return found


TEXTS_OF = {
    "questions": "question_l10ns", "subquestions": "question_l10ns", "groups": "group_l10ns",
    "answers": "answer_l10ns",
}  # fmt: skip


def structure_of(stream: IO[bytes], file: str) -> Structure:
    """The tables of the file.

    Raises:
        SourceError: no XML, a document type or an entity in it, or another document than a survey's structure.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, parse

    try:
        root = parse(stream, forbid_dtd=True).getroot()
    except (ParseError, DefusedXmlException) as error:
        raise SourceError([problem("lss_not_xml", Place(file), reason=type(error).__name__)]) from error
    kind = root.findtext("LimeSurveyDocType", "") if root is not None else ""
    if root is None or kind != "Survey":
        raise SourceError([problem("lss_not_survey", Place(file), kind=kind)])
    tables = {table.tag: tuple(_rows(table)) for table in root if table.find("rows") is not None}
    if not tables.get("questions"):
        raise SourceError([problem("lss_not_survey", Place(file), kind=kind)])
    if sum(map(len, tables.values())) > MOST_ROWS:
        raise SourceError([problem("lss_not_survey", Place(file), kind=f"> {MOST_ROWS}")])
    survey = next(iter(tables.get("surveys", ())), {})
    named = [each.text or "" for each in root.iterfind("languages/language")]
    languages = tuple(dict.fromkeys(each for each in (survey.get("language", ""), *named) if each)) or ("en",)
    return Structure(tables, languages)


def _rows(table: Any) -> Iterator[Row]:
    for row in table.iterfind("rows/row"):
        yield {cell.tag: cell.text or "" for cell in row}
