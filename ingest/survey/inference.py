"""A codebook guessed from an export that comes without any.

Belongs here: which questions the columns show, of what kind, with which options in the order of their first appearance.
Does not belong here: reading the export (``tools``), and any codebook that somebody wrote. What stands first in the
file is looked at; an answer that comes later and is in no guessed list is told as unreadable like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, islice

from ingest.survey.asked_twice import both_answered
from ingest.survey.choices import OTHER_CODES
from ingest.survey.clock_times import times_by_form
from ingest.survey.codebook import (
    CHOICE,
    DATE,
    DATETIME,
    DECIMAL,
    INTEGER,
    MULTIPLE,
    RANK,
    TEXT,
    TIME,
    Codebook,
    Option,
    Question,
)
from ingest.survey.export import Batches, Convention, Export, SourceColumn
from ingest.survey.free_text import redacted
from ingest.survey.label_language import language_of_texts
from ingest.survey.other_option import marked, with_other_texts
from ingest.survey.personal_question import is_personal_column, without_contacts
from ingest.survey.rare_answer import common_and_rare, rare_option
from ingest.survey.tools.header_role import is_personal_name
from ingest.tables.cell_text import fold, one_line

ORIGIN = "inferred"
ROWS_LOOKED_AT = 100_000
# More distinct texts than this are no list of options; neither are texts that hardly ever come again.
MOST_OPTIONS = 40
LEAST_REPEATS = 2
LONGEST_OPTION = 200
MOST_DISTINCT = 5_000
OTHER = "other"
EDITED = {"Google Forms"}
BATCHES_LOOKED_AT = 4
PLAIN_CODE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}")
NUMBER = re.compile(r"[+-]?(?:\d+(?P<part>[.,]\d+)?|[.,]\d+)")
CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")


@dataclass
class _Seen:
    """The texts of one column in the order of their first appearance, and how often each stands there."""

    texts: Counter[str] = field(default_factory=Counter)

    def without(self, ignored: frozenset[str]) -> _Seen:
        return _Seen(Counter({text: count for text, count in self.texts.items() if fold(text) not in ignored}))

    @cached_property
    def n_cells(self) -> int:
        return self.texts.total()

    @property
    def is_list(self) -> bool:
        """Whether the texts come again and again."""
        short = all(len(text) <= LONGEST_OPTION for text in self.texts)
        few = len(self.texts) <= MOST_OPTIONS and self.n_cells >= LEAST_REPEATS * len(self.texts)
        return short and few and not self._is_personal

    @property
    def _is_personal(self) -> bool:
        """Whether somebody wrote contact data: no option has any, and labels of options are published."""
        import pyarrow as pa
        import pyarrow.compute as pc

        return bool(pc.any(redacted(pa.array(list(self.texts), pa.string()))[1]).as_py())


def infer_codebook(export: Export, least_given: int = 1) -> Codebook:
    """The codebook that the columns and first rows of an export show, with ``inferred`` as its origin.

    A repeat group becomes questions that are asked in it. Answers that were given less often than ``least_given`` are
    one option, without their words.
    """
    texts = [text for column in export.columns for text in (column.text, column.sub_text) if text]
    language = language_of_texts(texts or [column.header for column in export.columns])
    inference = _Inference(export.convention, language, "", _versions(export), least_given)
    questions = inference.questions(export.columns, _seen(export.columns, export.batches))
    for repeat in export.repeats:
        inference = _Inference(export.convention, language, repeat.code, least_given=least_given)
        questions += inference.questions(repeat.columns, _seen(repeat.columns, repeat.batches))
    return Codebook(tuple(questions), ORIGIN, (language,))


def _versions(export: Export) -> frozenset[int]:
    """Columns under a title that stands twice because the question was edited: nobody answered in both.

    Only the one tool keeps the old column of a question; elsewhere a title that stands twice is that of two questions.
    """
    titles: dict[str, list[int]] = {}
    for column in export.columns if export.tool in EDITED else ():
        if column.role == "answer" and not column.name and not column.sub_text:
            titles.setdefault(column.text, []).append(column.place)
    found = {text: places for text, places in titles.items() if len(places) > 1}
    for batch in islice(export.batches(frozenset()), BATCHES_LOOKED_AT if found else 0):
        for text, places in list(found.items()):
            pairs = combinations([batch.column(place + 1) for place in places], 2)
            if any(both_answered(one, other).any() for one, other in pairs):
                del found[text]
    return frozenset(place for places in found.values() for place in places)


def _seen(columns: Sequence[SourceColumn], batches: Batches) -> dict[int, _Seen]:
    """What stands in the first rows of the answer columns."""
    places = [column.place for column in columns if column.role == "answer" and column.part in {"value", "position"}]
    seen = {place: _Seen() for place in places}
    n_rows = 0
    for batch in batches(frozenset(places)):
        for place in places:
            texts = seen[place].texts
            for each in batch[f"c{place + 1}"].value_counts().to_pylist():
                text = each["values"].strip()
                if text and (text in texts or len(texts) < MOST_DISTINCT):
                    texts[text] += each["counts"]
        n_rows += batch.num_rows
        if n_rows >= ROWS_LOOKED_AT:
            break
    return seen


@dataclass
class _Inference:
    """Questions of one table."""

    convention: Convention
    language: str
    repeat: str
    versions: frozenset[int] = frozenset()
    least_given: int = 1
    taken: set[str] = field(default_factory=set)

    def questions(self, columns: Sequence[SourceColumn], seen: Mapping[int, _Seen]) -> list[Question]:
        """In the order of the first column of each."""
        found: dict[str, Question] = {}
        codes: dict[str, str] = {}
        asked: set[str] = set()
        self.taken = {fold(column.name) for column in columns}
        for column in columns:
            if column.role != "answer" or column.part == "comment":
                continue
            # Columns of one question share its name or, where the tool prints none, its text.
            shared = column.part != "value" or not (column.sub_name or column.sub_text)
            key = column.name or column.text if shared else f"{column.name or column.text}\n{_row(column)}"
            if column.part == "value" and shared and not column.name and column.place not in self.versions:
                key = f"{key}\n{column.letters or column.place}" if key in asked else key
                asked.add(key)
            code = codes.setdefault(key or column.header, self._code(column))
            if column.part == "other":
                self._add_other(found, code, column)
            elif column.part in {"tick", "rank"}:
                found[code] = self._with_option(found.get(code), code, column)
            elif code not in found:
                parent = codes.setdefault(f"parent of {column.name or column.text}", f"g{column.place + 1}")
                found[code] = self._of_values(code, column.name or parent, column, seen[column.place])
        return with_other_texts(list(found.values()))

    def _code(self, column: SourceColumn) -> str:
        """The name that the tool prints; the number of the first column where it prints none."""
        row = column.sub_name if column.part == "value" else ""
        name = "_".join(part for part in (column.name, row) if part) if column.name else ""
        number = f"q{column.place + 1}"
        return name or (f"{number}_unnamed" if fold(number) in self.taken else number)

    def _labels(self, text: str) -> dict[str, str]:
        return {self.language: one_line(text)} if text.strip() else {}

    def _with_option(self, question: Question | None, code: str, column: SourceColumn) -> Question:
        kind = MULTIPLE if column.part == "tick" else RANK
        question = question or Question(code, kind, self._labels(column.text or column.name), repeat=self.repeat)
        label = column.sub_text or column.sub_name
        option = Option(column.sub_name or _option_code(label, len(question.options) + 1), self._labels(label))
        known = {each.code for each in question.options}
        return question if option.code in known else replace(question, options=(*question.options, marked(option)))

    def _add_other(self, found: dict[str, Question], code: str, column: SourceColumn) -> None:
        question = found.get(code)
        if question and question.options and not any(option.is_other for option in question.options):
            labels = {"en": "Other", "ja": "その他"}
            other = Option(OTHER, {self.language: labels[self.language]}, is_other=True)
            found[code] = replace(question, options=(*question.options, other))
        of = code if question and question.options else ""
        text = column.sub_text or column.text or column.header
        found[f"{code}_{OTHER}"] = Question(
            f"{code}_{OTHER}", TEXT, self._labels(text), repeat=self.repeat, other_of=of
        )

    def _of_values(self, code: str, parent: str, column: SourceColumn, seen: _Seen) -> Question:
        ignored = frozenset(map(fold, (*self.convention.empty, *self.convention.not_shown)))
        given = seen.without(ignored)
        is_row = bool(column.sub_name or column.sub_text)
        label = column.sub_text or column.sub_name if is_row else column.text or column.name or column.header
        plain = Question(
            code, TEXT, self._labels(label), parent=parent if is_row else "", repeat=self.repeat,
            parent_labels=self._labels(column.text) if is_row else {},
        )  # fmt: skip
        if column.part == "position":
            return replace(plain, kind=RANK, options=self._options(without_contacts(given.texts)))
        is_named_so = is_personal_name(column.header, label) and not given.is_list
        if is_named_so or is_personal_column(label, column.text, given.texts, is_row=is_row, is_list=given.is_list):
            return replace(plain, is_personal=True)
        # Nobody's address is an option, and a telephone number is no quantity.
        if len(kept := without_contacts(given.texts)) < len(given.texts):
            given = _Seen(Counter({text: given.texts[text] for text in kept}))
        if kind := _kind_of_values(given, self.convention):
            return replace(plain, kind=kind)
        if parts := _parts(given, self.convention.separators):
            return replace(plain, kind=MULTIPLE, options=self._given_options(parts))
        return replace(plain, kind=CHOICE, options=self._given_options(given.texts)) if given.is_list else plain

    def _given_options(self, counts: Mapping[str, int]) -> tuple[Option, ...]:
        """As ``_options``, with one for all that was given too rarely for its words to be shown."""
        common, rare = common_and_rare(counts, self.least_given)
        options = self._options(common)
        if not (rare := [text for text in rare if text not in OTHER_CODES]):
            return options
        taken = frozenset(option.code for option in options)
        return (*options, rare_option(rare, self.least_given, self.language, taken))

    def _options(self, texts: Iterable[str]) -> tuple[Option, ...]:
        """Options in the order of their first appearance; their texts are the codes where they can be.

        The code of a tool for "other" is no text of anybody: the option comes with the column of its texts.
        """
        texts = [text for text in texts if text not in OTHER_CODES]
        first = {fold(text): text for text in reversed(texts)}
        ordered = [text for text in texts if first[fold(text)] == text]
        can = all(PLAIN_CODE.fullmatch(text) for text in ordered)
        return tuple(
            marked(Option(text if can else f"o{number}", self._labels(text)))
            for number, text in enumerate(ordered, start=1)
        )


def _row(column: SourceColumn) -> str:
    return column.sub_name or column.sub_text


def _option_code(label: str, number: int) -> str:
    return label if PLAIN_CODE.fullmatch(label) else f"o{number}"


def _kind_of_values(seen: _Seen, convention: Convention) -> str:
    """Number, date or time, where every text is one; empty for texts and for a column without any."""
    if not seen.texts:
        return TEXT
    if all(NUMBER.fullmatch(text) for text in seen.texts):
        return DECIMAL if any(sign in text for text in seen.texts for sign in ".,") else INTEGER
    if all(CLOCK.fullmatch(text) for text in seen.texts):
        return TIME
    for kind, forms in ((DATE, convention.days), (DATETIME, convention.clock)):
        if _is_read(seen.texts, forms):
            return kind
    return ""


def _is_read(texts: Iterable[str], forms: Sequence[str]) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    left = pa.array(list(texts), pa.string())
    for form in forms:
        left = left.filter(pc.is_null(times_by_form(left, form)))
    return len(left) == 0


def _parts(seen: _Seen, separators: Sequence[str]) -> Mapping[str, int]:
    """How often each option of joined lists was given, in the order of their first appearance; none where the cells
    are no lists.

    Cells are lists where their parts come again more often than the cells themselves, or where each of them ends with
    the separator, as one tool writes it.
    """
    ends = re.compile("|".join(re.escape(each) for each in sorted(separators, key=len, reverse=True)) or r"\Z")
    parts: Counter[str] = Counter()
    n_lists = 0
    for text, count in seen.texts.items():
        found = [part.strip() for part in ends.split(text) if part.strip()]
        n_lists += bool(ends.search(text))
        for part in dict.fromkeys(found):
            parts[part] += count
    if seen.texts and all(text.endswith(tuple(separators)) for text in seen.texts) and len(parts) <= MOST_OPTIONS:
        return parts
    return parts if n_lists and _Seen(parts).is_list and len(parts) <= max(2, len(seen.texts)) else {}
