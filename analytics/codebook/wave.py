"""A survey wave as its codebook tells it, read from a released file.

Belongs here: the shapes and the reading. Does not belong here: any format (``page``, ``ddi``, ``table_schema``).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from analytics.codebook.answer_state import NOT_SELECTED, SELECTED, answer_states
from analytics.estimate import Row, fetch_rows
from analytics.survey_weights import weights_refusal

if TYPE_CHECKING:
    import duckdb

WAVES = "marts.dim_survey_wave"
# Kinds with a column for each option.
BY_OPTION = ("select_multiple", "rank")
# Part of an answer to the type of its column, as the landing writes it (ingest.survey.decoding).
TYPES = {
    "choice": "SMALLINT",
    "tick": "TINYINT",
    "rank": "SMALLINT",
    "number": "DOUBLE",
    "date": "DATE",
    "datetime": "TIMESTAMP_S",
    "time": "VARCHAR",
    "text": "VARCHAR",
    "state": "TINYINT",
    "raw": "VARCHAR",
}


@dataclass(frozen=True)
class Line:
    """Responses with one state of a question or of one option of it; ``weighted`` are None without usable weights.

    Whatever is suppressed is None.
    """

    option: str | None
    state: str
    n: int | None
    base_n: int | None
    share: float | None
    weighted_n: float | None
    weighted_share: float | None
    is_in_base: bool


@dataclass(frozen=True)
class Option:
    """One code of a question, with its texts by language; ``state`` is what choosing it means."""

    number: int
    code: str
    texts: Mapping[str, str]
    state: str
    is_other: bool
    is_exclusive: bool


@dataclass(frozen=True)
class Question:
    """One question with its options and what the responses have of it. ``notes``: language to the base note."""

    number: int
    code: str
    kind: str
    texts: Mapping[str, str]
    parent: str
    parent_texts: Mapping[str, str]
    repeat: str
    routing: str
    other_of: str
    is_required: bool
    is_personal: bool
    is_in_file: bool
    options: tuple[Option, ...]
    lines: tuple[Line, ...]
    notes: Mapping[str, str]

    def n_of(self, option: str | None, state: str) -> int | None:
        """Counted responses with a state of the question or of an option; None where it is suppressed."""
        return total([line.n for line in self.lines if (line.option, line.state) == (option, state)])

    def n_with_option(self, option: str | None) -> dict[str, int | None]:
        """State to counted responses, of one option; None: of the question as far as no option is chosen."""
        return {line.state: line.n for line in self.lines if line.option == option}


@dataclass(frozen=True)
class Category:
    """What a number in a wide column means, and how many counted responses have it; None where that is suppressed."""

    number: int
    texts: Mapping[str, str]
    n: int | None
    is_missing: bool
    state: str


@dataclass(frozen=True)
class WideColumn:
    """One column of a wide table. ``question`` and what follows are empty for a column that holds no answers.

    ``part``: choice, tick, rank, number, date, datetime, text of an answer; ``state`` for the column of states beside
    it, ``raw`` for the printed cell, ``beside`` for what is known of the response.
    """

    table: str
    name: str
    type: str
    text: str
    part: str
    question: Question | None = None
    option: Option | None = None

    @property
    def texts(self) -> Mapping[str, str]:
        """Title by language: the question, and the option if the column is about one."""
        if self.question is None or self.part == "raw":
            return {"en": self.text}
        own = self.question.texts or {"en": self.question.code}
        if self.option is None:
            return own
        joined = {
            language: f"{text}: {self.option.texts.get(language, self.option.code)}" for language, text in own.items()
        }
        return joined | ({"ja": joined["ja"].replace(": ", "：", 1)} if "ja" in joined else {})

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """The numbers of a column of codes, the answers before the states; none for a number, date or text."""
        if self.question is None or self.part not in {"choice", "tick", "state", "rank"}:
            return ()
        return (*self._answers(self.question), *self._missing(self.question))

    def _answers(self, question: Question) -> list[Category]:
        if self.part == "choice":
            return [
                Category(each.number, each.texts, question.n_of(each.code, each.state), False, each.state)
                for each in question.options
            ]
        found = question.n_with_option(self.option.code if self.option else None)
        if self.part == "state":
            return [_category("answered", found.get("answered", 0), 0)]
        chosen = self.option.state if self.option else SELECTED
        ticked = [] if self.part == "rank" else [_category(chosen, found.get(chosen, 0), 1)]
        return [*ticked, _category(NOT_SELECTED, found.get(NOT_SELECTED, 0), 0)]

    def _missing(self, question: Question) -> list[Category]:
        """Every state that may stand in the column: one that no counted response has may be that of another one."""
        found = question.n_with_option(self.option.code if self.option else None)
        chosen = {self.option.state} if self.option else set()
        return [
            _category(code, found.get(code, 0), state.number)
            for code, state in answer_states().items()
            if state.is_missing and state.number is not None and code not in chosen
        ]


def total(counts: Iterable[int | None]) -> int | None:
    """Their sum; None where one of them is suppressed."""
    known = list(counts)
    return None if None in known else sum(n for n in known if n is not None)


def _category(state: str, n: int | None, number: int) -> Category:
    told = answer_states()[state]
    return Category(number, {"en": told.label_en, "ja": told.label_ja}, n, number < 0, state)


@dataclass(frozen=True)
class WaveCodebook:
    """Everything that the codebook of a wave tells. ``facts`` is its row of the marts, ``source`` that of its source.

    ``limits`` and ``design`` are rows of the marts as well; ``weights_refusal`` says why nothing is weighted.
    """

    facts: Row
    source: Row
    questions: tuple[Question, ...]
    columns: tuple[WideColumn, ...]
    limits: tuple[Row, ...]
    design: tuple[Row, ...]
    dispositions: tuple[Row, ...]
    weights_refusal: str | None

    @property
    def edition_id(self) -> str:
        """``survey/wave``."""
        return str(self.facts["edition_id"])

    @property
    def folder(self) -> str:
        """Name of the wave's folder: that of its wide table, which is one for each wave."""
        return str(self.facts["wide_table"]).partition(".")[2]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the questionnaire, the first one first."""
        return tuple(str(self.facts["languages"] or "en").split(","))

    @property
    def is_withheld(self) -> bool:
        """Whether the release holds no single answers."""
        return str(self.facts["microdata"]) == "withheld"

    @property
    def tables(self) -> list[str]:
        """Its wide tables, that of the responses first."""
        return list(dict.fromkeys(column.table for column in self.columns))


def read_waves(connection: duckdb.DuckDBPyConnection) -> list[WaveCodebook]:
    """Every wave of a released file, in the order of survey and wave; none where a file has no surveys."""
    schema, name = WAVES.split(".")
    query = "select count(*) as n from duckdb_tables() where schema_name = $schema and table_name = $name"
    if not fetch_rows(connection, query, {"schema": schema, "name": name})[0]["n"]:
        return []
    return [_read(connection, row) for row in fetch_rows(connection, f"from {WAVES} order by survey_code, wave_no")]


def _read(connection: duckdb.DuckDBPyConnection, facts: Row) -> WaveCodebook:
    def rows(query: str) -> list[Row]:
        return fetch_rows(connection, query, {"edition": facts["edition_id"]})

    of_wave = "where edition_id = $edition order by"
    questions = _questions(
        rows(f"from marts.dim_survey_question {of_wave} question_no"),
        rows(f"from marts.dim_survey_option {of_wave} question_code, option_no"),
        rows(f"from reports.rpt_survey_codebook {of_wave} question_no, option_no nulls last, state"),
    )
    source = fetch_rows(connection, "from marts.dim_source where source_id = $id", {"id": facts["source_id"]})
    return WaveCodebook(
        facts,
        source[0] if source else {},
        questions,
        _columns(connection, facts, rows(f"from marts.dim_survey_column {of_wave} wide_table, column_no"), questions),
        tuple(rows(f"from marts.fct_survey_limit {of_wave} limit_code, question_code nulls first")),
        tuple(rows(f"from marts.fct_survey_design {of_wave} aspect")),
        tuple(rows(f"from marts.fct_survey_disposition {of_wave} origin, disposition")),
        weights_refusal(connection, facts["edition_id"]),
    )


def _questions(asked: list[Row], options: list[Row], counted: list[Row]) -> tuple[Question, ...]:
    listed: dict[str, list[Option]] = defaultdict(list)
    for row in options:
        listed[row["question_code"]].append(
            Option(
                row["option_no"], row["option_code"], _texts(row["option_texts"], row["option_en"], row["option_ja"]),
                row["chosen_state"], row["is_other"], row["is_exclusive"],
            )
        )  # fmt: skip
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in counted:
        lines[row["question_code"]].append(row)
    return tuple(_question(row, tuple(listed[row["question_code"]]), lines[row["question_code"]]) for row in asked)


def _question(row: Row, options: tuple[Option, ...], lines: list[Row]) -> Question:
    names = ("state", "n", "base_n", "share", "weighted_n", "weighted_share", "is_in_base")
    parents = {"en": row["parent_en"], "ja": row["parent_ja"]}
    return Question(
        number=row["question_no"],
        code=row["question_code"],
        kind=row["question_kind"],
        texts=_texts(row["question_texts"], row["question_en"], row["question_ja"]),
        parent=row["parent_code"] or "",
        parent_texts={language: text for language, text in parents.items() if text},
        repeat=row["repeat_code"] or "",
        routing=row["routing"] or "",
        other_of=row["other_of"] or "",
        is_required=bool(row["is_required"]),
        is_personal=bool(row["is_personal"]),
        is_in_file=bool(row["is_in_file"]),
        options=options,
        lines=tuple(Line(line["option_code"], **{name: line[name] for name in names}) for line in lines),
        notes={language: lines[0][f"base_note_{language}"] for language in ("en", "ja")} if lines else {},
    )


def _texts(texts: str | None, english: str | None, japanese: str | None) -> dict[str, str]:
    """Texts by language, English and Japanese first."""
    known: dict[str, Any] = json.loads(texts) if texts else {}
    ordered = {"en": english, "ja": japanese} | {name: text for name, text in known.items() if name not in {"en", "ja"}}
    return {language: str(text) for language, text in ordered.items() if text}


def _columns(
    connection: duckdb.DuckDBPyConnection, facts: Row, described: list[Row], questions: tuple[Question, ...]
) -> tuple[WideColumn, ...]:
    asked = {question.code: question for question in questions}
    answers: dict[tuple[str, str], tuple[str, Row]] = {}
    for row in described:
        for name, part in (("wide_column", row["column_part"]), ("state_column", "state"), ("raw_column", "raw")):
            if row[name]:
                answers.setdefault((row["wide_table"], row[name]), (part, row))
    tables = list(dict.fromkeys([facts["wide_table"], *(row["wide_table"] for row in described)]))
    found = []
    for table in tables:
        schema, _, name = table.partition(".")
        physical = fetch_rows(
            connection,
            "select column_name, data_type, comment from duckdb_columns() where schema_name = $schema and "
            "table_name = $name and database_name = current_database() order by column_index",
            {"schema": schema, "name": name},
        )
        # Where the answers are withheld there is no table, and only what they were is told.
        physical = physical or [
            {"column_name": name, "data_type": TYPES[part], "comment": row["column_en"]}
            for (owner, name), (part, row) in answers.items()
            if owner == table
        ]
        found += [_column(table, each, answers.get((table, each["column_name"])), asked) for each in physical]
    return tuple(found)


def _column(table: str, physical: Row, known: tuple[str, Row] | None, asked: Mapping[str, Question]) -> WideColumn:
    name, kind, text = physical["column_name"], physical["data_type"], physical["comment"] or ""
    if known is None:
        return WideColumn(table, name, kind, text, "beside")
    part, row = known
    question = asked[row["question_code"]]
    option = next((each for each in question.options if each.code == row["option_code"]), None)
    return WideColumn(table, name, kind, text, part, question, option)
