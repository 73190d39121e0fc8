"""The codebook that a LimeSurvey structure file (.lss) holds: languages, questions, options and routing.

Belongs here: what LimeSurvey's questions, subquestions, answers and attributes become. Does not belong here: the XML
(``lss_tables``), and conditions as such (``relevance``). Types of questions are rows of ``lss_kinds.csv``.

Rows of an array are questions of their own, named as ExpressionScript names them (``Q3_A1``, on two scales ``Q3_A1_0``
and ``Q3_A1_1``), with the array as parent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.codebook import DATE, DATETIME, DECIMAL, INTEGER, MULTIPLE, TEXT, Codebook, Option, Question
from ingest.survey.lss_tables import Labels, Row, Structure, structure_of
from ingest.survey.relevance import Answer, NotSimpleError, both, relevant_of
from ingest.survey.tools.limesurvey_heading import words
from ingest.tables.cell_text import one_line
from ingest.values.tables import read_table_beside

OTHER = "-oth-"
MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]{0,2000}>", re.IGNORECASE | re.DOTALL)
# A question by its place in the table of responses, as conditions of old versions name it.
PLACE = re.compile(r"\d+X\d+X(\d+)(.*)")
SUFFIXES = (".NAOK", ".valueNAOK", ".value", ".code", ".shown")
LANGUAGES = ("en", "ja")


def read_lss(path: Path) -> tuple[Codebook, tuple[Problem, ...]]:
    """The codebook of a .lss file, and which of its conditions could not be translated.

    Raises:
        SourceError: no structure of a survey, or unsafe XML.
    """
    with path.open("rb") as stream:
        survey = Survey(structure_of(stream, path.name), path.name)
    return survey.codebook(), tuple(survey.problems)


def clean(text: str) -> str:
    """A label without its markup, on one line."""
    return one_line(unescape(MARKUP.sub(" ", text)))


def kinds() -> Mapping[str, Row]:
    """The rows of ``lss_kinds.csv`` by the letter of the type."""
    return {row["type"]: row for row in read_table_beside(__file__, "lss_kinds")}


@dataclass
class Survey:
    """A structure with what is looked up again and again. ``asked``: the questions in the order they are asked."""

    structure: Structure
    file: str
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Index the tables."""
        of = self.structure
        self.groups = {row["gid"]: row for row in of.rows("groups")}
        self.asked = sorted(of.rows("questions"), key=self._order)
        self.by_id = {row["qid"]: row for row in self.asked}
        self.by_title = {row["title"]: row for row in self.asked}
        self.subquestions: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(of.rows("subquestions"), key=lambda row: _int(row.get("question_order"))):
            self.subquestions[row["parent_qid"]].append(row)
        self.labels = of.labels("questions", "qid", "question")
        self.group_names = of.labels("groups", "gid", "group_name")
        self.row_labels = of.labels("subquestions", "qid", "question")
        self.attributes = {
            (row["qid"], row["attribute"], row.get("language", "")): row.get("value", "")
            for row in of.tables.get("question_attributes", ())
        }
        self.answers = self._answers()

    def codebook(self) -> Codebook:
        """The codebook; what could not be translated is in ``problems`` afterwards."""
        questions = tuple(question for row in self.asked for question in self.questions(row))
        settings = self.structure.tables.get("surveys_languagesettings", ())
        title = {row["surveyls_language"]: clean(row.get("surveyls_title", "")) for row in settings}
        return Codebook(questions, "lss", self.structure.languages, title)

    def _order(self, row: Row) -> tuple[int, int]:
        return _int(self.groups.get(row["gid"], {}).get("group_order")), _int(row.get("question_order"))

    def _answers(self) -> Mapping[tuple[str, str], list[Option]]:
        """Options by question and scale."""
        labels: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
        new = self.structure.labels("answers", "aid", "answer")
        order: dict[tuple[str, str, str], int] = {}
        for row in self.structure.tables.get("answers", ()):
            key = row["qid"], row.get("scale_id") or "0", row["code"]
            order.setdefault(key, _int(row.get("sortorder")))
            texts = new.get(row["aid"], {}) if row.get("aid") else {}
            old = {row["language"]: row["answer"]} if "answer" in row and "language" in row else {}
            labels[key] |= {language: clean(text) for language, text in {**texts, **old}.items()}
        found: dict[tuple[str, str], list[Option]] = defaultdict(list)
        for qid, scale, code in sorted(order, key=lambda key: order[key]):
            found[qid, scale].append(Option(code, labels[qid, scale, code]))
        return found

    def questions(self, row: Row) -> Iterator[Question]:
        """The questions that one of LimeSurvey's becomes."""
        how = kinds().get(row["type"])
        if how is None or how["shape"] == "none":
            if how is None:
                place = Place(self.file)
                self.problems.append(problem("lss_type_unknown", place, question=row["title"], type=row["type"]))
            return
        labels = {language: clean(text) for language, text in self.labels.get(row["qid"], {}).items()}
        whole = Question(
            row["title"], self._kind(row, how["kind"]), labels, parent=f"group_{row['gid']}",
            parent_labels={key: clean(text) for key, text in self.group_names.get(row["gid"], {}).items()},
            relevant=self._shown(row), is_required=row.get("mandatory") == "Y", is_personal=row["type"] == "|",
        )  # fmt: skip
        if how["shape"] == "question":
            yield from self._single(whole, row, how)
        else:
            yield from self._rows(whole, row, how)

    def _kind(self, row: Row, kind: str) -> str:
        if kind == DECIMAL and self._attribute(row, "num_value_int_only") == "1":
            return INTEGER
        is_time = kind == DATE and re.search(r"[HhiG]", self._attribute(row, "date_format"))
        return DATETIME if is_time else kind

    def _attribute(self, row: Row, name: str, language: str = "") -> str:
        return self.attributes.get((row["qid"], name, language), "")

    def _single(self, whole: Question, row: Row, how: Row) -> Iterator[Question]:
        options = self._options(row, how["options"])
        exclusive = set(self._attribute(row, "exclude_all_others").split(";"))
        options = [replace(each, is_exclusive=each.code in exclusive) for each in options]
        if whole.kind == MULTIPLE:
            self._tell_filtered(row)
        if row.get("other") == "Y":
            other = Option(OTHER, self._other_labels(row), is_other=True)
            yield replace(whole, options=(*options, other))
            code = f"{whole.code}_other"
            texts = replace(whole, code=code, kind=TEXT, labels=other.labels, is_required=False)
            yield replace(texts, other_of=whole.code)
        else:
            yield replace(whole, options=tuple(options))

    def _other_labels(self, row: Row) -> Labels:
        own = {each: self._attribute(row, "other_replace_text", each) for each in self.structure.languages}
        return {language: clean(own[language]) or _word("other", language) for language in own}

    def _options(self, row: Row, origin: str, scale: str = "0") -> list[Option]:
        origin, _, rest = origin.partition(":")
        if origin == "points":
            return [Option(str(point)) for point in range(1, int(rest) + 1)]
        if origin == "words":
            pairs = [pair.partition("=") for pair in rest.split(";")]
            return [
                Option(code, {each: _word(meaning, each) for each in self.structure.languages}, aliases=words(meaning))
                for code, _, meaning in pairs
            ]
        answers = self.answers.get((row["qid"], scale), [])
        if origin == "answers" or (origin == "either" and answers):
            return answers
        return [Option(each["title"], self._row_text(each)) for each in self._sub(row)] if origin else []

    def _sub(self, row: Row, scale: str = "0") -> list[Row]:
        return [each for each in self.subquestions.get(row["qid"], ()) if (each.get("scale_id") or "0") == scale]

    def _row_text(self, row: Row) -> Labels:
        return {language: clean(text) for language, text in self.row_labels.get(row["qid"], {}).items()}

    def _rows(self, whole: Question, row: Row, how: Row) -> Iterator[Question]:
        """The rows of an array; on two scales or in cells each row is asked more than once."""
        under = replace(whole, parent=whole.code, parent_labels=whole.labels)
        for sub in self._sub(row):
            one = replace(under, code=f"{whole.code}_{sub['title']}", labels=self._row_text(sub))
            one = replace(one, relevant=both(whole.relevant, self._row_shown(row, sub)))
            if how["shape"] == "rows":
                yield replace(one, options=tuple(self._options(row, how["options"])))
            elif how["shape"] == "scales":
                for scale in ("0", "1"):
                    heads = {each: _word(f"scale_{int(scale) + 1}", each) for each in self.structure.languages}
                    yield replace(_beside(one, scale, heads), options=tuple(self._options(row, how["options"], scale)))
            else:
                for column in self._sub(row, "1"):
                    yield _beside(one, column["title"], self._row_text(column))

    def _row_shown(self, row: Row, sub: Row) -> str:
        """The routing of a row: its own condition, and the option of another question that it follows."""
        own = self._translated(f"{row['title']}_{sub['title']}", sub.get("relevance", ""))
        filters = self._attribute(row, "array_filter")
        source = self.by_title.get(filters)
        if filters and (source is None or not any(each["title"] == sub["title"] for each in self._sub(source))):
            self._tell_untranslated(f"{row['title']}_{sub['title']}", f"array_filter {filters}")
            return own
        return both(own, f"selected(${{{filters}}}, '{sub['title']}')") if filters else own

    def _tell_filtered(self, row: Row) -> None:
        """Options that are hidden one by one are told: the states know a question's routing only."""
        for each in self._sub(row):
            if each.get("relevance", "") not in {"", "1"}:
                self._tell_untranslated(f"{row['title']}_{each['title']}", each["relevance"])
        if filters := self._attribute(row, "array_filter"):
            self._tell_untranslated(row["title"], f"array_filter {filters}")

    def _shown(self, row: Row) -> str:
        group = self.groups.get(row["gid"], {}).get("grelevance", "")
        name = row["title"]
        return both(self._translated(name, group), self._translated(name, row.get("relevance", "")))

    def _translated(self, name: str, condition: str) -> str:
        try:
            return relevant_of(condition.strip().removeprefix("{").removesuffix("}"), self._answer)
        except NotSimpleError:
            self._tell_untranslated(name, condition)
            return ""

    def _tell_untranslated(self, name: str, condition: str) -> None:
        told = problem("lss_condition_unread", Place(self.file), question=name, condition=condition)
        if str(told) not in map(str, self.problems):
            self.problems.append(told)

    def _answer(self, name: str) -> Answer | None:
        """What a name of ExpressionScript stands for."""
        suffix = next((each for each in SUFFIXES if name.endswith(each)), "")
        name = name.removesuffix(suffix)
        row, sub = self.by_title.get(name), ""
        if found := PLACE.fullmatch(name):
            row, sub = self.by_id.get(found[1]), found[2]
        elif row is None:
            head, _, sub = name.partition("_")
            row = self.by_title.get(head)
        if row is None or row["type"] not in kinds() or suffix == ".shown":
            return None
        # An answer that was not shown makes a condition false unless the condition says that this is fine.
        shown = "" if suffix in {".NAOK", ".valueNAOK"} or not row.get("relevance") else self._own(row)
        return self._of_row(row, sub, shown)

    def _own(self, row: Row) -> str:
        """The routing of a question that a condition speaks of; a circle ends at the question that closes it."""
        before, self.by_title = self.by_title, {key: each for key, each in self.by_title.items() if each is not row}
        try:
            return relevant_of(row["relevance"], self._answer)
        except NotSimpleError:
            return ""
        finally:
            self.by_title = before

    def _of_row(self, row: Row, sub: str, shown: str) -> Answer | None:
        shape, kind = kinds()[row["type"]]["shape"], kinds()[row["type"]]["kind"]
        titles = {each["title"] for each in self._sub(row)}
        if shape == "question" and not sub and kind != MULTIPLE:
            return Answer(row["title"], shown=shown)
        if kind == MULTIPLE and sub in titles:
            return Answer(row["title"], sub, shown)
        if sub == "other" and row.get("other") == "Y":
            return Answer(f"{row['title']}_other", shown=shown)
        if shape == "rows" and sub in titles:
            return Answer(f"{row['title']}_{sub}", shown=shown)
        return None


def _beside(row: Question, code: str, labels: Labels) -> Question:
    """A row of an array on one of its scales or in one of its columns."""
    both_labels = {each: f"{text} [{labels[each]}]" for each, text in row.labels.items() if each in labels}
    return replace(row, code=f"{row.code}_{code}", labels=both_labels)


def _word(meaning: str, language: str) -> str:
    """LimeSurvey's word in a language; the English one where the language is not known."""
    known = words(meaning)
    return known[LANGUAGES.index(language)] if language in LANGUAGES and len(known) > 1 else known[0]


def _int(text: str | None) -> int:
    return int(text) if text and text.lstrip("-").isdigit() else 0
