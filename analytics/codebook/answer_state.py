"""The states of an answer as a codebook tells them: in both languages, with the number in a wide table.

Belongs here: reading ``answer_state.csv``. Does not belong here: deciding a state; the warehouse has done that.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("answer_state.csv")
SELECTED, NOT_SELECTED, ANSWERED = "selected", "not_selected", "answered"


@dataclass(frozen=True)
class AnswerState:
    """One state. ``number`` stands for it in a wide table; None for a choice, which has the number of its option."""

    code: str
    number: int | None
    label_en: str
    label_ja: str
    is_in_base: bool

    @property
    def is_missing(self) -> bool:
        """Whether it is told below zero, in the place of an answer."""
        return self.number is not None and self.number < 0


@cache
def answer_states() -> Mapping[str, AnswerState]:
    """Every state by its code, those of the base first."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return {
            row["state"]: AnswerState(
                row["state"], int(row["wide_number"]) if row["wide_number"] else None, row["label_en"],
                row["label_ja"], row["is_in_base"] == "yes",
            )
            for row in csv.DictReader(stream)
        }  # fmt: skip
