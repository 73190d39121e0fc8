"""The codebook and the columns of a landed wave as rows of their relations.

Belongs here: what was read of an export, as rows. Does not belong here: what its card says (``card_rows``), writing the
rows (``landing``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.source_card import SourceCard
from ingest.survey.wave_facts import WaveFacts

LIMITS_FILE = Path(__file__).with_name("limit.csv")


def question_rows(facts: WaveFacts) -> Iterator[dict[str, Any]]:
    """The questions of the codebook in order, and whether the file has them."""
    in_file = {column["question_code"] for column in facts.columns}
    for number, question in enumerate(facts.codebook["questions"], start=1):
        parents = question["parent_labels"]
        yield {
            "question_no": number,
            "question_code": question["code"],
            "parent_code": question["parent"] or None,
            "repeat_code": question["repeat"] or None,
            "kind": question["kind"],
            **_labels(question["labels"]),
            "parent_label_en": parents.get("en"),
            "parent_label_ja": parents.get("ja"),
            "routing": question["relevant"] or None,
            "is_required": question["is_required"],
            "is_personal": question["is_personal"],
            "other_of": question["other_of"] or None,
            "is_in_file": question["code"] in in_file,
        }


def option_rows(facts: WaveFacts) -> Iterator[dict[str, Any]]:
    """The options of every question in the order of the code list."""
    for question in facts.codebook["questions"]:
        for number, option in enumerate(question["options"], start=1):
            yield {
                "question_code": question["code"],
                "option_no": number,
                "option_code": option["code"],
                **_labels(option["labels"]),
                "is_other": option["is_other"],
                "is_exclusive": option["is_exclusive"],
                "option_state": option["state"] or None,
            }


def column_rows(card: SourceCard, facts: WaveFacts) -> Iterator[dict[str, Any]]:
    """The wide columns: which question and option stand in each, and where they stood in the file."""
    for column in facts.columns:
        described = {name: value for name, value in column.items() if name != "table"}
        yield {"wide_table": wide_name(card, facts.tables, column["table"]), **described}


def limit_rows(facts: WaveFacts) -> Iterator[dict[str, Any]]:
    """What the format of the file cannot tell apart, in words."""
    with LIMITS_FILE.open(encoding="utf-8", newline="") as stream:
        rows = {row["limit_code"]: row for row in csv.DictReader(stream)}
    for code in dict.fromkeys(facts.limits):
        yield {**rows[code], "question_code": None}


def wide_name(card: SourceCard, tables: Sequence[str], table: str = "") -> str:
    """The name of a wave's wide table, or of that of one of its repeats; no two of ``tables`` share one."""
    names = [_as_name(card, each) for each in tables]
    name, number = _as_name(card, table), tables.index(table)
    return f"{name}_{number}" if name in names[:number] else name


def _as_name(card: SourceCard, table: str) -> str:
    text = "_".join(part for part in (card.family, card.edition, table) if part)
    return "".join(sign if sign.isalnum() else "_" for sign in text.lower())


def _labels(labels: Mapping[str, str]) -> dict[str, Any]:
    return {"label_en": labels.get("en"), "label_ja": labels.get("ja"), "labels": list(labels.items())}
