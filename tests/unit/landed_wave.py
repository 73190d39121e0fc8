"""A made-up survey wave as its landing leaves it: the files of its relations and its wide tables, written by hand.

Belongs here: what the models of the warehouse read, without any reader of an export, and building them. Does not belong
here: the landing.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.catalog_landing import _source_schema
from ingest.landing import write_empty_files, write_named
from ingest.registry.landing import COLUMNS as REGISTER_COLUMNS
from ingest.registry.landing import FILE_NAMES, NamedFile, register_table
from ingest.survey.schema import RELATIONS, relation_schema
from tests.unit.dbt_runs import run_dbt, settings_in

Row = dict[str, Any]

ROOT = Path(__file__).parents[2]
OUTCOMES = "outcomes.json"
# What rests on survey waves and on nothing else but their cards.
MODELS = (
    *("path:models/staging/survey", "path:models/intermediate/survey", "stg_catalog__source", "int_edition"),
    *("stg_registry__survey_question", "dim_survey_wave", "dim_survey_question", "dim_survey_option"),
    *("dim_survey_column", "dim_survey_question_version", "fct_survey_limit", "fct_survey_design"),
    *("fct_survey_disposition", "fct_survey_cherries", "fct_survey_response", "fct_survey_answer"),
    *("rpt_survey_codebook", "survey_question_is_complete", "survey_question_names_known_questions"),
    "survey_trend_is_unbroken",
)
NOT_OURS = ("resource_type:unit_test", "stg_survey__survey", "stg_survey__result")

# Question, kind, English and Japanese text, options as (code, English, Japanese, state), and True if it is exclusive.
YES_NO = (("yes", "Yes", "はい", None), ("no", "No", "いいえ", None), ("dk", "Don't know", "わからない", "dont_know"))
FIELDS = (("life", "Life sciences", "ライフサイエンス", None), ("ict", "ICT, software", "情報通信", None))
QUESTIONS: tuple[Row, ...] = (
    {"code": "active", "kind": "select_one", "en": "Active abroad?", "ja": "海外で活動していますか", "options": YES_NO},
    {"code": "field", "kind": "select_multiple", "en": "Which fields?", "ja": "分野", "options": FIELDS},
    {"code": "goal", "kind": "rank", "en": "Rank the goals", "ja": "目的の順位", "options": FIELDS},
    {"code": "members", "kind": "integer", "en": "How many members?", "ja": "会員数", "options": ()},
    {"code": "wish", "kind": "text", "en": "What do you wish?", "ja": "ご要望", "options": ()},
    {"code": "since", "kind": "date", "en": "Since when?", "ja": "開始日", "options": ()},
    {
        "code": "trip",
        "kind": "select_one",
        "en": "Worth it?",
        "ja": "有益でしたか",
        "options": YES_NO,
        "repeat": "visit",
    },
)
# Four responses: everything answered; hidden or left empty; nobody knows; a duplicate that does not count.
ANSWERS: dict[str, Sequence[Any]] = {
    "active": [1, 2, 3, 1],
    "field__life": [1, -2, -3, 1],
    "field__ict": [0, -2, -3, 0],
    "goal__life": [2, -2, -1, 1],
    "goal__ict": [1, -2, -1, 0],
    "members": [12.0, None, None, 5.0],
    "members__state": [0, -1, -4, 0],
    "members__raw": ["12", "", "about ten", "5"],
    "wish": ["more, please; 和紙", None, None, "x"],
    "wish__state": [0, -1, -5, 0],
    "since": [datetime.date(2013, 4, 1), None, None, None],
    "since__state": [0, -2, -1, -1],
    "design__weights": [2.0, 0.5, 1.0, 3.0],
}
COLUMNS: tuple[Row, ...] = (
    {"wide_column": "active", "question_code": "active", "part": "choice"},
    {"wide_column": "field__life", "question_code": "field", "option_code": "life", "part": "tick"},
    {"wide_column": "field__ict", "question_code": "field", "option_code": "ict", "part": "tick"},
    {"wide_column": "goal__life", "question_code": "goal", "option_code": "life", "part": "rank"},
    {"wide_column": "goal__ict", "question_code": "goal", "option_code": "ict", "part": "rank"},
    {
        "wide_column": "members",
        "question_code": "members",
        "part": "number",
        "state_column": "members__state",
        "raw_column": "members__raw",
    },
    {"wide_column": "wish", "question_code": "wish", "part": "text", "state_column": "wish__state"},
    {"wide_column": "since", "question_code": "since", "part": "date", "state_column": "since__state"},
)


# Headers of the export, where they matter to a test.
HEADERS = {"members": "How many?", "active": "Active?"}


@dataclass(frozen=True)
class Wave:
    """One wave: what differs between waves, the rest is the same in all of them."""

    wave: str = "2020"
    survey: str = "mihon"
    questions: Sequence[Row] = QUESTIONS
    columns: Sequence[Row] = COLUMNS
    answers: Mapping[str, Sequence[Any]] = field(default_factory=lambda: ANSWERS)
    has_repeat: bool = True
    microdata: str = "published"

    @property
    def source_id(self) -> str:
        """Id of its card."""
        return f"{self.survey}-{self.wave}-response"

    @property
    def table(self) -> str:
        """Name of its wide table."""
        return f"{self.survey}_{self.wave}"


def write_wave(raw: Path, wave: Wave) -> None:
    """Write all files of a wave below the raw folder."""
    n = len(next(iter(wave.answers.values())))
    rows = {
        "survey__file": [_file_row(wave, n, each) for each in (("", "visit") if wave.has_repeat else ("",))],
        "survey__question": [_question_row(number, each) for number, each in enumerate(wave.questions, 1)],
        "survey__option": [
            _option_row(each["code"], number, option)
            for each in wave.questions
            for number, option in enumerate(each["options"], 1)
        ],
        "survey__column": _column_rows(wave),
        "survey__response": [_response_row(number, number == n) for number in range(1, n + 1)],
        "survey__limit": [
            {
                "limit_code": "none_ticked",
                "question_code": "field",
                "states_merged": "not_shown;not_answered",
                "counted_as": "unknown_none_ticked",
                "sentence_en": "None ticked cannot be told from not shown.",
                "sentence_ja": "未選択と非表示を区別できません。",
            }
        ],
        "survey__design": [
            {"aspect": "weights", "value": "weight", "is_documented": True, "is_usable": True},
            {"aspect": "population", "is_documented": False},
            {"aspect": "microdata", "value": wave.microdata, "is_documented": True, "is_usable": True},
        ],
        "survey__disposition": [{"disposition": "complete", "n": n - 1, "origin": "file"}],
        "survey__cherries": [{"item_no": 1, "item_code": "consent", "item_en": "Consent", "item_ja": "同意"}],
    }
    for name in RELATIONS:
        keys = {"source_id": wave.source_id, "survey_code": wave.survey, "wave": wave.wave, "is_synthetic": True}
        _write(
            raw / name / wave.source_id, pa.Table.from_pylist([keys | row for row in rows[name]], relation_schema(name))
        )
    folder = raw / "survey_wide" / wave.source_id
    columns = {name: _wide_array(name, values) for name, values in wave.answers.items()}
    _write(folder, pa.table({"response_no": pa.array(range(1, n + 1), pa.int64()), **columns}), "aa.parquet")
    if wave.has_repeat:
        visits = {"response_no": pa.array([1, 1, 3], pa.int64()), "repeat_no": pa.array([1, 2, 1], pa.int64())}
        _write(folder, pa.table({**visits, "trip": pa.array([2, -4, 1], pa.int16())}), "aa.visit.parquet")


def build_survey_models(home: Path, waves: Sequence[Wave], decisions: str = "") -> Path:
    """Land waves and decision rows below ``home`` and build what rests on them with dbt; returns the work file.

    ``decisions``: the content of a ``survey_questions.csv`` without its header. The same home may be used again, or be
    handed the parsed project of another, which saves parsing it.

    Raises:
        AssertionError: a model or a test failed.
    """
    settings = settings_in(home)
    settings.raw.mkdir(parents=True, exist_ok=True)
    settings.database.unlink(missing_ok=True)
    write_empty_files(settings.raw)
    register = home / FILE_NAMES["survey_question"]
    register.write_text(f"{','.join(REGISTER_COLUMNS['survey_question'])}\n{decisions}", encoding="utf-8")
    files = [NamedFile("survey_question", register, "registry/survey_questions.csv")]
    write_named(register_table("survey_question", files), settings.raw / "registry__survey_question" / "register")
    write_catalog(settings.raw, waves)
    for wave in waves:
        write_wave(settings.raw, wave)
    command = ["build", "--select", *MODELS, "--exclude", *NOT_OURS, "--indirect-selection", "cautious"]
    done = run_dbt(home, *command)
    settings.database.with_name(OUTCOMES).write_text(json.dumps(done.outcomes), encoding="utf-8")
    assert done.is_done, done.failures
    return settings.database


def outcomes_of(database: Path) -> dict[str, str]:
    """Each data test of such a build and its status: pass, warn or fail."""
    outcomes = json.loads(database.with_name(OUTCOMES).read_text(encoding="utf-8"))
    return {name.split(".")[2]: status for name, status in outcomes.items() if name.startswith("test.")}


def write_catalog(raw: Path, waves: Sequence[Wave]) -> None:
    """What the cards of the waves say, as far as the models need it."""
    rows = [
        {
            "source_id": wave.source_id,
            "kind": "survey",
            "table_name": "response",
            "family": wave.survey,
            "edition": wave.wave,
            "title": "Made-up survey",
            "reference_date": datetime.date(int(wave.wave[:4]), 6, 30),
            "is_synthetic": True,
            "rows_read": 5,
        }
        for wave in waves
    ]
    _write(raw / "catalog__source" / "catalog", pa.Table.from_pylist(rows, _source_schema()))


def _write(folder: Path, table: pa.Table, name: str = "aa.parquet") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / name)


def _wide_array(name: str, values: Sequence[Any]) -> pa.Array:
    if name.endswith("__state"):
        return pa.array(values, pa.int8())
    kinds = {
        "wish": pa.string(),
        "since": pa.date32(),
        "founded": pa.date32(),
        "members": pa.float64(),
        "design__weights": pa.float64(),
    }
    if name.endswith("__raw"):
        return pa.array(values, pa.string()).dictionary_encode()
    return pa.array(values, kinds.get(name, pa.int16()))


def later_waves() -> tuple[list[Wave], str]:
    """Two waves after that of 2020 with questions that were changed, and the decision rows that map some of them."""
    options = (("yes", "Yes, today", "はい", None), *YES_NO[1:])
    changed: dict[str, Row] = {
        # Other words in one of two languages, and nobody maps it.
        "active": {"ja": "現在、海外で活動していますか"},
        # Another label of an option, mapped by a decision.
        "trip": {"options": options},
        # Other blanks are the same text.
        "goal": {"en": "Rank  the\u3000goals "},
        # The same options, one of which now excludes the others.
        "field": {"options": (FIELDS[0], (*FIELDS[1], True))},
        "members": {"kind": "decimal"},
        "since": {"code": "founded", "en": "Founded when?"},
    }
    asked = [{**each, **changed.get(each["code"], {})} for each in QUESTIONS]
    columns = [
        {**each, "wide_column": "founded", "question_code": "founded", "state_column": "founded__state"}
        if each["question_code"] == "since"
        else each
        for each in COLUMNS
    ]
    answers = {name.replace("since", "founded"): values for name, values in ANSWERS.items()}
    decided = "The panel read both,,registry editor,2026-11-20,,"
    rows = [
        f"mihon,2021,trip,same_as,2020,,{decided}",
        f"mihon,2021,founded,same_as,2020,since,{decided}",
        f"mihon,2021,wish,different,2020,,{decided}",
        f"mihon,2021,members,same_as,2020,,{decided.removesuffix(',')}2026-11-21,mistaken",
    ]
    waves = [
        Wave(wave, questions=asked, columns=columns, answers=answers, microdata=microdata)
        for wave, microdata in (("2021", "published"), ("2023", "withheld"))
    ]
    return waves, "".join(f"{row}\n" for row in rows)


def _file_row(wave: Wave, n: int, repeat: str) -> Row:
    texts = {"tool": "LimeSurvey", "file_name": "answers.csv", "file_sha256": "0" * 64, "codebook_origin": "xlsform"}
    counts = {"n_rows": n + 1, "n_responses": n - 1, "n_not_counted": 1, "n_duplicates": 1, "n_forgotten": 1}
    name = f"aa.{repeat}.parquet" if repeat else "aa.parquet"
    wide = {"wide_table": f"{wave.table}_{repeat}" if repeat else wave.table}
    return {
        **texts,
        **counts,
        **wide,
        "repeat_code": repeat or None,
        "wide_file": f"survey_wide/{wave.source_id}/{name}",
        "retention_until": "2031-12-31",
    }


def _question_row(number: int, each: Row) -> Row:
    labels = {"en": each["en"], "ja": each["ja"]}
    texts = {"label_en": each["en"], "label_ja": each["ja"], "labels": list(labels.items())}
    flags = {"is_required": False, "is_personal": False, "is_in_file": True}
    codes = {"question_code": each["code"], "kind": each["kind"], "repeat_code": each.get("repeat")}
    return {"question_no": number, **codes, **texts, **flags}


def _option_row(question: str, number: int, option: Sequence[Any]) -> Row:
    code, english, japanese, state, *exclusive = option
    texts = {"label_en": english, "label_ja": japanese, "labels": [("en", english), ("ja", japanese)]}
    flags = {"is_other": False, "is_exclusive": bool(exclusive), "option_state": state}
    return {"question_code": question, "option_no": number, "option_code": code, **texts, **flags}


def _column_rows(wave: Wave) -> list[Row]:
    rows = [
        {"wide_table": wave.table, "column_no": number, "source_header": HEADERS.get(each["question_code"]), **each}
        for number, each in enumerate(wave.columns, 1)
    ]
    if wave.has_repeat:
        column = {"wide_column": "trip", "question_code": "trip", "part": "choice"}
        rows.append({"wide_table": f"{wave.table}_visit", "column_no": 1, **column})
    return rows


def _response_row(number: int, is_duplicate: bool) -> Row:
    said = {"response_id": f"R{number}", "disposition": "complete", "language": "ja" if number % 2 else "en"}
    reason = "duplicate of R1" if is_duplicate else None
    return {
        "response_no": number,
        "row_number": number + 1,
        **said,
        "is_counted": not is_duplicate,
        "not_counted_reason": reason,
        "is_duplicate": is_duplicate,
    }
