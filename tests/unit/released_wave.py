"""A released file with one made-up survey wave, small enough to be counted by hand.

Ten counted responses. ``fair`` (one choice, asked first): 6 yes, 2 no, 1 don't know, 1 not answered. ``goods`` (several
choices, asked of those who said yes): 5 answered, of whom 3 chose cloth and 4 paper; 1 ticked nothing; 4 not shown.
``years`` (a number): 7 answered, 2 not answered, 1 unreadable. ``remark`` (text): 2 answered, 1 withheld, 7 not.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

EDITION = "mihon/2020"
HOSTILE = '<script>alert("x")</script> & {{ 1 }} \u202e'
LIMIT = {"en": "The file merges two states.", "ja": "このファイルは二つの状態を区別しません。"}
NOTE = {"en": f"Base: who answered. {LIMIT['en']}", "ja": f"母数：回答した人。{LIMIT['ja']}"}
KEYS = {"edition_id": EDITION, "survey_code": "mihon", "wave": "2020", "is_synthetic": True}
Row = dict[str, Any]

QUESTIONS = (
    ("fair", "select_one", "Do you go to fairs?", "見本市に出展しますか。", None),
    ("goods", "select_multiple", f"Which goods? {HOSTILE}", "どの製品ですか。", "${fair} = 'y'"),
    ("years", "integer", "For how many years?", "何年間ですか。", None),
    ("remark", "text", "Anything else?", "その他", None),
)
OPTIONS = (
    ("fair", "y", "Yes", "はい", "selected"), ("fair", "n", "No", "いいえ", "selected"),
    ("fair", "9", "Don't know", "わからない", "dont_know"), ("goods", "c", "Cloth", "布", "selected"),
    ("goods", "p", "Paper", "紙", "selected"),
)  # fmt: skip
# Question, option, state, n, base.
COUNTS = (
    ("fair", "y", "selected", 6, 9), ("fair", "n", "selected", 2, 9), ("fair", "9", "dont_know", 1, 9),
    ("fair", None, "not_answered", 1, 9), ("goods", "c", "selected", 3, 5), ("goods", "c", "not_selected", 2, 5),
    ("goods", "c", "unknown_none_ticked", 1, 5), ("goods", "c", "not_shown", 4, 5), ("goods", "p", "selected", 4, 5),
    ("goods", "p", "not_selected", 1, 5), ("goods", "p", "unknown_none_ticked", 1, 5),
    ("goods", "p", "not_shown", 4, 5),
    ("years", None, "answered", 7, 7), ("years", None, "not_answered", 2, 7), ("years", None, "unreadable", 1, 7),
    ("remark", None, "answered", 2, 3), ("remark", None, "redacted", 1, 3), ("remark", None, "not_answered", 7, 3),
)  # fmt: skip
BASE = {"selected", "not_selected", "answered", "dont_know", "redacted"}
COLUMNS = (
    ("fair", "fair", None, "choice", None, "fair__raw"), ("goods__c", "goods", "c", "tick", None, None),
    ("goods__p", "goods", "p", "tick", None, None), ("years", "years", None, "number", "years__state", None),
    ("remark", "remark", None, "text", "remark__state", None),
)  # fmt: skip
WIDE = """
    create table survey.mihon_2020 (
        response_no bigint, response_id varchar, fair tinyint, goods__c tinyint, goods__p tinyint, years double,
        years__state tinyint, remark varchar, remark__state tinyint, fair__raw varchar, is_synthetic boolean
    )
"""


def write_release(path: Path) -> Path:
    """A database with the tables that a codebook reads."""
    texts = {code: (en, ja) for code, _, en, ja, _ in QUESTIONS}
    numbers = {code: number for number, (code, *_) in enumerate(QUESTIONS, start=1)}
    options = {(question, code): (en, ja) for question, code, en, ja, _ in OPTIONS}
    places: dict[tuple[str, str], int] = {}
    for question, code, *_ in OPTIONS:
        places[question, code] = 1 + sum(other == question for other, _ in places)
    tables: Mapping[str, Iterable[Row]] = {
        "marts.dim_survey_wave": [_wave()],
        "marts.dim_source": [
            {
                "source_id": "mihon-2020", "publisher_name": "Institute for Invented Clusters", "title": "Mihon",
                "page_address": "https://mihon.example.org/", "licence_name": "CC0-1.0",
            }
        ],
        "marts.dim_survey_question": [
            {
                "question_no": numbers[code], "question_code": code, "parent_code": None, "repeat_code": None,
                "question_kind": kind, "question_en": en, "question_ja": ja,
                "question_texts": json.dumps({"en": en, "ja": ja}), "parent_en": None, "parent_ja": None,
                "routing": routing, "is_required": code == "fair", "is_personal": False, "other_of": None,
                "is_in_file": True,
            }
            for code, kind, en, ja, routing in QUESTIONS
        ],
        "marts.dim_survey_option": [
            {
                "question_code": question, "option_no": places[question, code], "option_code": code, "option_en": en,
                "option_ja": ja, "option_texts": json.dumps({"en": en, "ja": ja}), "is_other": False,
                "is_exclusive": False, "chosen_state": state,
            }
            for question, code, en, ja, state in OPTIONS
        ],
        "marts.dim_survey_column": [
            {
                "wide_table": "survey.mihon_2020", "column_no": number, "wide_column": name, "question_code": question,
                "option_code": option, "column_part": part, "state_column": state, "raw_column": raw,
                "column_en": texts[question][0], "column_ja": texts[question][1],
            }
            for number, (name, question, option, part, state, raw) in enumerate(COLUMNS, start=1)
        ],
        "marts.fct_survey_limit": [
            {"limit_code": "merged", "question_code": None, "sentence_en": LIMIT["en"], "sentence_ja": LIMIT["ja"]}
        ],
        "marts.fct_survey_design": [
            {
                "aspect": "population", "statement": "invented clusters", "is_documented": True, "is_usable": True,
                "reason": None,
            },
            {
                "aspect": "weights", "statement": "weight", "is_documented": True, "is_usable": False,
                "reason": "of 10 weights: 2 zero",
            },
        ],
        "marts.fct_survey_disposition": [{"disposition": "complete", "n": 10, "origin": "file"}],
        "reports.rpt_survey_codebook": [
            {
                "question_no": numbers[question], "question_code": question,
                "option_no": places[question, option] if option else None, "option_code": option,
                "option_en": options[question, option][0] if option else None, "state": state,
                "is_in_base": state in BASE, "n": n, "base_n": base, "share": n / base if state in BASE else None,
                "weighted_n": None, "weighted_share": None, "base_note_en": NOTE["en"], "base_note_ja": NOTE["ja"],
            }
            for question, option, state, n, base in COUNTS
        ],
    }  # fmt: skip
    with duckdb.connect(str(path)) as connection:
        for schema in ("marts", "reports", "survey"):
            connection.execute(f"create schema {schema}")
        for name, rows in tables.items():
            found = pa.Table.from_pylist([row if name == "marts.dim_source" else KEYS | row for row in rows])
            connection.register("found", found)
            connection.execute(f"create table {name} as from found")
            connection.unregister("found")
        connection.execute(WIDE)
        connection.execute("comment on column survey.mihon_2020.response_no is 'Running number of the response.'")
        connection.execute("comment on table survey.mihon_2020 is 'Answers.'")
    return path


def _wave() -> Row:
    return {
        "wave_no": 1, "source_id": "mihon-2020", "title_en": "Survey of invented clusters", "title_ja": "見本の調査",
        "reference_date": datetime.date(2020, 3, 31), "languages": "en,ja", "tool": "Qualtrics",
        "export_form": "labels", "n_rows": 12, "n_responses": 12, "n_counted": 10, "n_not_counted": 2,
        "n_redacted": 1, "n_unreadable": 1, "n_forgotten": 0, "duplicate_rule": "the same token",
        "partial_rule": "half of the questions", "codebook_origin": "xlsform", "codebook_file": "codebook.xlsx",
        "retention_until": datetime.date(2030, 12, 31), "microdata": "published", "wide_table": "survey.mihon_2020",
    }  # fmt: skip
