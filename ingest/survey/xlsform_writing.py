"""A codebook written as an XLSForm workbook, which survey teams edit and pyxform, Kobo and ODK read.

Belongs here: rows of the sheets ``survey``, ``choices`` and ``settings``, and the file. Does not belong here: reading
one (``codebook_xlsform``).

The same codebook gives the same bytes. Every cell is text and none a formula, whatever it begins with. Codes that
XLSForm does not allow as names are rewritten, and the code itself is kept among the aliases. Columns that only
``codebook_xlsform`` knows are passed over by other programs.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.survey.codebook import DATETIME, TEXT, WITH_OPTIONS, Codebook, Option, Question
from ingest.survey.xlsform_sheet import language_header

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# The first moment that an archive can say.
MOMENT = datetime.datetime(1980, 1, 1)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# What a spreadsheet cannot hold at all.
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_767
NO_NAME_SIGN = re.compile(r"[^\w.-]")
NAMED = re.compile(r"\$\{\s*([^}]+?)\s*\}")
REFERENCE = re.compile(r"\$\{[^}]*\}?")
FORM_ID = "codebook"
# The name of the part that a form has beside its questions.
RESERVED = "meta"
BEHIND_QUESTION = ("required", "relevant", "missing", "personal", "other_of", "group", "aliases")
BEHIND_OPTION = ("is_other", "is_exclusive", "state", "aliases")
Row = dict[str, str]


def write_xlsform(codebook: Codebook, path: Path) -> None:
    """Write the codebook; an existing file is replaced.

    Raises:
        OSError: the file cannot be written.
    """
    from openpyxl import Workbook

    form = _Form(codebook)
    survey, choices = list(form.survey()), list(form.choices())
    languages = [f"label::{language_header(language)}" for language in codebook.languages]
    book = Workbook()
    book.remove(book.worksheets[0])
    _fill(book.create_sheet("survey"), ("type", "name", *languages, *BEHIND_QUESTION), survey)
    _fill(book.create_sheet("choices"), ("list_name", "name", *languages, *BEHIND_OPTION), choices)
    titles = [f"title_{each}" for each in codebook.languages[1:] if each in codebook.title]
    settings = form.settings()
    _fill(book.create_sheet("settings"), ("form_title", *titles, "form_id", "default_language"), [settings])
    book.properties.created = book.properties.modified = MOMENT
    book.properties.creator = ""
    written = io.BytesIO()
    book.save(written)
    path.write_bytes(_without_moments(written.getvalue()))


def _fill(sheet: Worksheet, header: Sequence[str], rows: Iterable[Row]) -> None:
    sheet.append(list(header))
    for number, row in enumerate(rows, start=2):
        for place, name in enumerate(header, start=1):
            if text := FORBIDDEN.sub("", row.get(name, ""))[:LONGEST_CELL]:
                cell = sheet.cell(number, place)
                # Set first, a text that begins like a formula would become one.
                cell.value = text
                cell.data_type = "s"
                cell.quotePrefix = text.startswith(FORMULA_SIGNS)
    sheet.freeze_panes = "A2"


def _without_moments(content: bytes) -> bytes:
    """The archive with the same moment on every part, and no moment of saving inside."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                said = f"{MOMENT.isoformat()}Z".encode()
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said, part)
            info = zipfile.ZipInfo(name, (MOMENT.year, MOMENT.month, MOMENT.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return packed.getvalue()


@dataclass
class _Names:
    """Codes to names that XLSForm allows, each once."""

    is_for_choice: bool = False
    given: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def of(self, code: str) -> str:
        """The name of a code."""
        if code not in self.given:
            name = "_".join(code.split()) if self.is_for_choice else NO_NAME_SIGN.sub("_", code)
            if not self.is_for_choice and not re.match(r"[^\W\d]", name):
                name = f"_{name}"
            self.given[code] = self.free(name)
        return self.given[code]

    def free(self, name: str) -> str:
        """The name, with a number behind where it is taken."""
        found, number = name, 1
        while found in self.taken:
            number += 1
            found = f"{name}_{number}"
        self.taken.add(found)
        return found


class _Form:
    """The rows of the sheets."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.names = _Names(taken={RESERVED})
        for question in codebook.questions:
            self.names.of(question.code)
        # Questions with the same options share a list, named after the first of them.
        self.lists: dict[str, tuple[str, tuple[Option, ...]]] = {}
        for question in codebook.questions:
            if question.kind in WITH_OPTIONS and question.options:
                listed = (self.names.of(question.code), question.options)
                self.lists.setdefault(repr(question.options), listed)

    def survey(self) -> Iterator[Row]:
        """Questions with the groups they are in. A group that is left and entered again is written twice."""
        repeat = parent = ""
        for question in self.codebook.questions:
            inner = "" if question.parent == question.repeat else question.parent
            if (repeat, parent) != (question.repeat, inner) and parent:
                yield {"type": "end_group"}
                parent = ""
            if repeat != question.repeat:
                if repeat:
                    yield {"type": "end_repeat"}
                repeat = question.repeat
                if repeat:
                    labels = question.parent_labels if question.parent == repeat else {}
                    yield self._begin("repeat", repeat, labels)
            if inner != parent:
                parent = inner
                yield self._begin("group", parent, question.parent_labels)
            yield self._question(question)
        yield from ({"type": f"end_{kind}"} for kind, name in (("group", parent), ("repeat", repeat)) if name)

    def _begin(self, kind: str, code: str, labels: Mapping[str, str]) -> Row:
        name = self.names.free(_Names().of(code))
        # A repeat group must have a label.
        has_label = bool(labels) or kind == "repeat"
        shown = self._labels(labels, code) if has_label else {}
        return {"type": f"begin_{kind}", "name": name, **shown, "group": "" if name == code else code}

    def _labels(self, labels: Mapping[str, str], code: str) -> Row:
        """Texts by column; a question without any shows its code, because XLSForm wants a text for each."""
        given = {language: labels[language] for language in self.codebook.languages if labels.get(language)}
        if not given:
            given = {self.codebook.languages[0]: next((text for text in labels.values() if text), code)}
        return {f"label::{language_header(language)}": self._text(text) for language, text in given.items()}

    def _text(self, text: str) -> str:
        """A text as a form may have it: what a tool writes like a reference, and is none to a question, is taken apart.

        Qualtrics writes ``${q://QID1/...}`` where an earlier answer is shown.
        """
        known = self.codebook.by_code
        plain = NAMED.sub(lambda found: f"${{{self.names.of(found[1])}}}" if found[1] in known else found[0], text)
        written = {f"${{{self.names.of(code)}}}" for code in known}
        return REFERENCE.sub(lambda found: found[0] if found[0] in written else f"$ {found[0][1:]}", plain)

    def _question(self, question: Question) -> Row:
        name = self.names.of(question.code)
        kind = {DATETIME: "dateTime"}.get(question.kind, question.kind)
        if question.kind in WITH_OPTIONS:
            kind = f"{kind} {self.lists[repr(question.options)][0]}" if question.options else TEXT
        aliases = question.aliases if name == question.code else (question.code, *question.aliases)
        return {
            "type": kind,
            "name": name,
            **self._labels(question.labels, question.code),
            "required": "yes" if question.is_required else "",
            "relevant": self._relevant(question.relevant),
            "missing": self._text("|".join(f"{text}={state}" for text, state in question.missing.items())),
            "personal": "yes" if question.is_personal else "no" if question.is_cleared else "",
            "other_of": self.names.of(question.other_of) if question.other_of else "",
            "aliases": self._text("|".join(aliases)),
        }

    def _relevant(self, relevant: str) -> str:
        """The condition with the names as they are written; one that speaks of what is not in the form is left out."""
        if not set(NAMED.findall(relevant)) <= set(self.codebook.by_code):
            return ""
        return NAMED.sub(lambda found: f"${{{self.names.of(found[1])}}}", relevant)

    def choices(self) -> Iterator[Row]:
        """The options of each list."""
        for list_name, options in self.lists.values():
            names = _Names(is_for_choice=True)
            for option in options:
                name = names.of(option.code)
                aliases = option.aliases if name == option.code else (option.code, *option.aliases)
                yield {
                    "list_name": list_name,
                    "name": name,
                    **self._labels(option.labels, option.code),
                    "is_other": "yes" if option.is_other else "",
                    "is_exclusive": "yes" if option.is_exclusive else "",
                    "state": option.state,
                    "aliases": "|".join(aliases),
                }

    def settings(self) -> Row:
        """Title, id and default language of the form."""
        languages, title = self.codebook.languages, self.codebook.title
        first = title.get(languages[0]) or next(iter(title.values()), FORM_ID)
        name = re.sub(r"[^A-Za-z0-9_-]+", "_", first).strip("_").lower() or FORM_ID
        return {
            "form_title": first,
            **{f"title_{each}": title[each] for each in languages[1:] if each in title},
            "form_id": name,
            "default_language": language_header(languages[0]),
        }
