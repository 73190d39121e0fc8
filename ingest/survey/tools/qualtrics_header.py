"""The header of one column of a Qualtrics export taken apart: which question, which row or option of it.

Belongs here: import ids, and names where there are none. Does not belong here: what the columns of a question hold
together (``qualtrics``).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.survey.tools.heading import meta_roles, plain_heading
from ingest.tables.cell_text import fold

SELECTED = "Selected Choice"
IMPORT_ID, CHOICE_ID = '"ImportId"', '"choiceId"'
# Loop and merge puts the number of the loop before the id; side by side puts that of its part behind it.
QUESTION = re.compile(r"(?P<question>(?:\d+_)?QID\d+(?:#\d+)?)(?P<subs>(?:_x?\d+)*)(?P<text>_TEXT)?(?P<rest>_.+)?")
NAMED = re.compile(r"(?P<question>.+?)(?P<subs>(?:_\d+){0,2})(?P<text>_TEXT)?")
RESPONSE = re.compile(r"R_[0-9A-Za-z]{5,}")
# Timing, browser, order of display and the topics that Qualtrics finds in texts say nothing that was answered.
UPLOADED = re.compile(r"_FILE_(?:ID|NAME|SIZE|TYPE)")
LEGACY = re.compile(r"V\d+")


@dataclass(frozen=True)
class Head:
    """One column. ``question`` is the id of its question, ``stem`` its name in the first row without row and option.

    ``subs`` are the numbers of row and option; ``is_text``: words written beside one; ``is_option``: the header itself
    says that the column is the tick of an option.
    """

    place: int
    header: str
    text: str
    role: str
    question: str = ""
    subs: tuple[str, ...] = ()
    stem: str = ""
    is_text: bool = False
    is_option: bool = False
    zone: str = ""

    @property
    def label(self) -> str:
        """What stands behind the last dash of the text: the option or row."""
        return self.text.rpartition(" - ")[2] or self.text


def heads_of(rows: Sequence[Sequence[str]]) -> tuple[int, list[Head]]:
    """How many header rows there are, and the columns."""
    names = [cell.strip() for cell in rows[0]]
    with_ids = next((number for number, row in enumerate(rows[:4]) if any(IMPORT_ID in cell for cell in row)), 0)
    if with_ids:
        texts = [plain_heading(cell) for cell in rows[1]] if with_ids > 1 else names
        return with_ids + 1, [
            _by_id(*each) for each in zip(range(len(names)), names, texts, rows[with_ids], strict=True)
        ]
    is_answered = len(rows) > 1 and any(RESPONSE.fullmatch(cell.strip()) for cell in rows[1])
    texts = names if is_answered or len(rows) < 2 else [plain_heading(cell) for cell in rows[1]]
    # In legacy exports the technical columns are V1, V2, ... and carry their names in the second row.
    known = [text if LEGACY.fullmatch(name) else name for name, text in zip(names, texts, strict=True)]
    stems = Counter(NAMED.sub(r"\g<question>", name) for name in known)
    heads = [_by_name(place, names[place], known[place], texts[place], stems) for place in range(len(names))]
    return 1 if is_answered or len(rows) < 2 else 2, heads


def _by_id(place: int, header: str, text: str, cell: str) -> Head:
    """A column with its JSON object."""
    try:
        told = json.loads(cell) if cell.strip() else {}
    except json.JSONDecodeError:
        told = {}
    told = told if isinstance(told, dict) else {}
    import_id, choice = str(told.get("ImportId", "")), str(told.get("choiceId", ""))
    zone = str(told.get("timeZone", ""))
    if role := meta_roles("Qualtrics").get(fold(import_id)):
        return Head(place, header, text, role, zone=zone)
    match = QUESTION.fullmatch(import_id)
    if not match:
        # Scores are the tool's; all else is embedded data, which a link or a contact list brought along.
        return Head(
            place, header, text, "score" if import_id.startswith("SC_") else "custom" if header else "other_meta"
        )
    if match["rest"]:
        return Head(place, header, text, "custom" if UPLOADED.search(match["rest"]) else "other_meta")
    subs = (*(each for each in match["subs"].split("_") if each), *([choice] if choice else []))
    is_option = bool(choice) or (len(subs) == 1 and f" - {SELECTED} - " in text)
    stem = re.sub(rf"(?:_x?\d+){{0,{len(subs)}}}(?:_TEXT)?$", "", header)
    return Head(place, header, text, "answer", match["question"], subs, stem, bool(match["text"]), is_option)


def _by_name(place: int, header: str, name: str, text: str, stems: Counter[str]) -> Head:
    """A column of an export without import ids."""
    if role := meta_roles("Qualtrics").get(fold(name)):
        return Head(place, header, text, role)
    if not name:
        return Head(place, header, text, "other_meta")
    match = NAMED.fullmatch(name)
    if not match or (not match["text"] and stems[match["question"]] == 1 and " - " not in text):
        return Head(place, header, text, "answer", name, (), name)
    subs = tuple(each for each in match["subs"].split("_") if each)
    is_option = len(subs) == 1 and f" - {SELECTED} - " in text
    question = match["question"]
    return Head(place, header, text, "answer", question, subs, question, bool(match["text"]), is_option)
