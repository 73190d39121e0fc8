"""EUSurvey's XML export: the questionnaire in all its languages, and contributions by ids.

Belongs here: contributions, one after the other. Does not belong here: parsing (``eusurvey_xml_file``), the
questionnaire (``eusurvey_questionnaire``), the workbooks (``eusurvey``). It is the best of EUSurvey's exports: ids
instead of labels, and the routing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey import codebook
from ingest.survey.cells import CELL_BATCH
from ingest.survey.codebook import Question
from ingest.survey.csv_rows import cell_names
from ingest.survey.export import Convention, Export, SourceColumn
from ingest.survey.tools.eusurvey_elements import Element
from ingest.survey.tools.eusurvey_questionnaire import Questionnaire, questionnaire_of
from ingest.survey.tools.eusurvey_xml_file import plain_element, safe_elements, xml_file
from ingest.tables.file_kind import open_regular
from ingest.tables.limits import LIMITS

if TYPE_CHECKING:
    import pyarrow as pa

TOOL = "EUSurvey XML"
# Attributes of a contribution, in the order of the exporter.
META = {
    "id": "response_id", "create": "submitted_at", "last": "recorded_at", "list": "other_meta", "lang": "language",
    "user": "email", "invitation": "token", "userlogin": "external_id", "totalscore": "score",
}  # fmt: skip
ANONYMOUS, IDENTITIES = "Anonymous", ("id", "user", "invitation", "userlogin")
NO_OPTION = "?"  # an answer that names no option any more: in no code list, so that it is counted as unreadable
SEPARATOR = ";"
CLOCK = ("%Y-%m-%d_%H-%M-%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y")


@dataclass
class _Read:
    """What was read: the questionnaire, then cells of each column by the number of the contribution."""

    created: str = ""
    survey: dict[str, str] = field(default_factory=dict)
    elements: dict[str, list[Element]] = field(default_factory=dict)
    columns: dict[str, dict[int, str]] = field(default_factory=dict)
    n_responses: int = 0
    n_comments: int = 0


def read(path: Path, tables: tuple[object, ...]) -> Export:
    """The export in an XML file, or in a zip of one XML file and uploads. ``tables`` are not used.

    Raises:
        SourceError: no XML, XML that declares something, or not EUSurvey's.
    """
    with xml_file(path) as (file, told):
        found, questionnaire = _contents(file)
    columns, more = _columns(file.name, found, questionnaire)
    limits = ("none_ticked", *(["shown_by_any"] if questionnaire.is_shown_by_several else []))
    said = {"alias": found.survey.get("alias", ""), "survey": found.survey.get("uid", "")}
    return Export(
        TOOL, "ids", tuple(columns), lambda _encoded: _batches(found), Convention(separators=(SEPARATOR,), clock=CLOCK,
        days=("%d/%m/%Y", "%Y-%m-%d")), limits, said, found.created, own=questionnaire.codebook,
        problems=(*told, *more),
    )  # fmt: skip


def _contents(path: Path) -> tuple[_Read, Questionnaire]:
    """Read the file once."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException

    found, questionnaire = _Read(), None
    where = Place(path.name)
    try:
        with open_regular(path) as stream:
            if (size := os.fstat(stream.fileno()).st_size) > LIMITS.file_bytes:
                raise SourceError([problem("file_too_large", where, size=size, limit=LIMITS.file_bytes)])
            for element in safe_elements(path, stream):
                if element.tag == "Results":
                    day, _, clock = element.get("create", "").partition("_")
                    found.created = f"{day}T{clock.replace('-', ':')}" if clock else day
                elif element.tag == "Survey":
                    found.survey = dict(element.attrib)
                elif element.tag == "Elements":
                    language = element.get("lang", "").lower()
                    found.elements[language] = [plain_element(each) for each in element]
                elif element.tag == "AnswerSet":
                    questionnaire = questionnaire or questionnaire_of(found.elements)
                    _add(found, questionnaire, element)
    except DefusedXmlException as error:
        raise SourceError([problem("eusurvey_xml_declares", where, declared=type(error).__name__)]) from error
    except (ParseError, ValueError) as error:
        raise SourceError([problem("eusurvey_xml_unreadable", where, detail=str(error))]) from error
    if not (found.survey and found.elements):
        raise SourceError([problem("eusurvey_xml_other", where)])
    return found, questionnaire or questionnaire_of(found.elements)


def _add(found: _Read, questionnaire: Questionnaire, element: Any) -> None:
    """One contribution."""
    number = found.n_responses
    found.n_responses += 1
    cells: dict[str, list[str]] = {f"@{name}": [element.get(name)] for name in META if element.get(name)}
    for answer in element:
        if answer.tag != "Answer":
            found.n_comments += answer.tag in {"Explanation", "Discussion"}
            continue
        qid, aid = answer.get("qid", ""), answer.get("aid")
        question = questionnaire.questions.get((qid, "")) or questionnaire.questions.get((qid, aid or ""))
        text = _text(question, questionnaire, aid, answer.text or "")
        if text:
            cells.setdefault(question.code if question else qid, []).append(text)
    for name, texts in cells.items():
        found.columns.setdefault(name, {})[number] = SEPARATOR.join(texts)


def _text(question: Question | None, questionnaire: Questionnaire, aid: str | None, text: str) -> str:
    """The cell that an answer stands for: the code of an option, those of a ranking, or the text itself."""
    if question is None:
        return aid or text or NO_OPTION
    if question.kind == codebook.RANK:
        uids = [each.strip() for each in text.split(SEPARATOR) if each.strip()]
        return SEPARATOR.join(questionnaire.options.get(each, each) for each in uids)
    if question.kind in codebook.WITH_OPTIONS:
        return questionnaire.options.get(aid or "", aid or text or NO_OPTION)
    return text


def _columns(file: str, found: _Read, questionnaire: Questionnaire) -> tuple[list[SourceColumn], list[Problem]]:
    """Technical columns, one for each question, one for each id that answers name and the questionnaire has not."""
    columns: list[SourceColumn] = []
    told = []
    roles = dict(META)
    for name in IDENTITIES:
        given = found.columns.get(f"@{name}", {})
        if given and set(given.values()) == {ANONYMOUS}:
            told.append(problem("eusurvey_anonymous", Place(file, cell=name), count=len(given)))
            roles[name] = "other_meta"
    if roles["id"] == "response_id" and not _is_key(found, "id"):
        roles["id"] = "other_meta"
    if roles["id"] != "response_id" and _is_key(found, "list"):
        roles["list"] = "response_id"
    for name, role in roles.items():
        if f"@{name}" in found.columns:
            columns.append(SourceColumn(len(columns), f"@{name}", role=role))
    questions = {each.code: each for each in questionnaire.codebook.questions}
    strangers = [name for name in found.columns if not name.startswith("@") and name not in questions]
    if strangers:
        told.append(problem("eusurvey_answers_without_question", Place(file), ids=strangers))
    if found.n_comments:
        told.append(problem("eusurvey_comments_left", Place(file), count=found.n_comments))
    for code in (*questions, *strangers):
        above, own = _titles(questions.get(code), code in questionnaire.rows)
        columns.append(SourceColumn(len(columns), code, name=code, text=above or own, sub_text=own if above else ""))
    found.columns = {each.header: found.columns.get(each.header, {}) for each in columns}
    return columns, told


def _titles(question: Question | None, is_row: bool) -> tuple[str, str]:
    """The title of the matrix or table, empty outside of one, and that of the question, in the first language."""
    if question is None:
        return "", ""
    above = question.parent_labels if is_row else {}
    return next(iter(above.values()), ""), next(iter(question.labels.values()), "")


def _is_key(found: _Read, name: str) -> bool:
    given = list(found.columns.get(f"@{name}", {}).values())
    return len(given) == found.n_responses == len(set(given))


def _batches(found: _Read) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for start in range(0, found.n_responses, CELL_BATCH):
        numbers = range(start, min(start + CELL_BATCH, found.n_responses))
        arrays = [pa.array([number + 1 for number in numbers], pa.int32())]
        for cells in found.columns.values():
            arrays.append(pa.array([cells.get(number, "") for number in numbers], pa.string()))
        yield pa.RecordBatch.from_arrays(arrays, names=cell_names(len(found.columns)))
