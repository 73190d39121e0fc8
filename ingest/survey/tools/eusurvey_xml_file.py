"""The XML of an EUSurvey export, opened and parsed with all guards up.

Belongs here: the file or the zip around it, refusing declarations and depth, letting go of what was read. Does not
belong here: what the elements mean (``eusurvey_elements``, ``eusurvey_xml``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.tools.eusurvey_archive import unpacked
from ingest.survey.tools.eusurvey_elements import Element
from ingest.tables.file_kind import open_regular

ARCHIVE = b"PK\x03\x04"
DEEPEST = 20  # the exporter nests five levels


@contextmanager
def xml_file(path: Path) -> Iterator[tuple[Path, list[Problem]]]:
    """The XML file itself, or the one in a zip, and what is to be said of the zip."""
    with open_regular(path) as stream:
        is_archive = stream.read(len(ARCHIVE)) == ARCHIVE
    if not is_archive:
        yield path, []
        return
    with unpacked(path, (".xml",)) as (files, told):
        if len(files) > 1:
            raise SourceError([problem("eusurvey_xml_several", Place(path.name), files=[each.name for each in files])])
        yield files[0], told


def safe_elements(path: Path, stream: BinaryIO) -> Iterator[Any]:
    """The root and the survey when they begin, languages and contributions when they are complete, then let go."""
    from defusedxml.ElementTree import iterparse

    open_elements: list[Any] = []
    events = iterparse(stream, events=("start", "end"), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    for event, element in events:
        if event == "start":
            if len(open_elements) >= DEEPEST or (not open_elements and element.tag != "Results"):
                raise SourceError([problem("eusurvey_xml_other", Place(path.name))])
            open_elements.append(element)
            if element.tag in {"Results", "Survey"}:
                yield element
        else:
            open_elements.pop()
            if element.tag in {"Elements", "AnswerSet"}:
                yield element
                open_elements[-1].remove(element)


def plain_element(element: Any) -> Element:
    """One element of the questionnaire; a cell of a complex table has its title in an element of its own."""
    children = tuple(plain_element(each) for each in element)
    texts = {each.tag: each.text for each in children}
    text = texts.get("ResultText") or texts.get("CellTitle") or element.text or ""
    return Element(element.tag, dict(element.attrib), text, children)
