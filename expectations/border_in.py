"""What a landed edition must look like before any model reads it.

Belongs here: plausibility of one edition as a whole: size, fill, keys, codes, drift. Does not belong here: whether the
file is the reviewed one and its header and labels are known (ingest), and how rows relate to other tables (dbt tests).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from expectations.validate import ExpectationSpec, Validation, validate_frame

if TYPE_CHECKING:
    import pandas as pd

# A column may lose this share of its filled cells from one edition to the next before someone should look.
FILL_LOST_SHARE = 0.25
# A share of fewer rows than this says nothing about the next edition.
COMPARED_ROWS_MIN = 10


@dataclass(frozen=True)
class EditionFacts:
    """What the card of an edition, the layout of its kind and the edition before it say about its rows.

    ``allowed_codes``: column -> codes that may stand in it. ``previous_blank_shares``: column -> share of blank cells,
    0 to 1, in the last edition of the family (see ``blank_shares``); empty when there is none.
    """

    subject: str
    rows_min: int
    rows_max: int
    key_columns: tuple[str, ...]
    required_columns: tuple[str, ...]
    is_synthetic: bool
    allowed_codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    previous_blank_shares: Mapping[str, float] = field(default_factory=dict)


def check_edition(landed: pd.DataFrame, facts: EditionFacts) -> Validation:
    """Validate the landed rows of one edition that were not rejected when they were read."""
    rows = landed[landed["rejected_reason"].isna()]
    # An expectation on allowed values passes over missing ones, and a missing flag is what must not slip through.
    said = rows["is_synthetic"].map({True: "synthetic", False: "real"}).fillna("not said")
    suite = edition_suite(facts if len(rows) >= COMPARED_ROWS_MIN else replace(facts, previous_blank_shares={}))
    return validate_frame(rows.assign(is_synthetic=said), suite, subject=facts.subject, label="row_id")


def blank_shares(landed: pd.DataFrame, columns: tuple[str, ...]) -> dict[str, float]:
    """Share of blank cells of each column among the rows that were not rejected; empty when they are too few."""
    rows = landed[landed["rejected_reason"].isna()]
    if len(rows) < COMPARED_ROWS_MIN:
        return {}
    return {name: float(rows[name].isna().mean()) for name in columns if name in rows}


def edition_suite(facts: EditionFacts) -> list[ExpectationSpec]:
    """The expectations of one edition."""
    card = "Compare the file with the publisher's list; if the file is right, correct the card"
    card_ja = "公表元の一覧と比較し、ファイルが正しい場合はカードを直してください"
    again_ja = "ファイルから読み込み直してください（observatory build --force）。"
    label, label_ja = ("synthetic", "合成データ") if facts.is_synthetic else ("real", "実データ")
    suite = [
        ExpectationSpec(
            "ExpectTableRowCountToBeBetween",
            {"min_value": facts.rows_min, "max_value": facts.rows_max},
            f"the number of rows must lie between {facts.rows_min} and {facts.rows_max}",
            f"{card} (expected_rows).",
            meaning_ja=f"行数が{facts.rows_min}から{facts.rows_max}の間にあること",
            remedy_ja=f"{card_ja}（expected_rows）。",
        ),
        ExpectationSpec(
            "ExpectColumnValuesToBeUnique",
            {"column": "row_id"},
            "each row must have its own row_id",
            "Land the edition again from its file (observatory build --force).",
            meaning_ja="各行のrow_idが重複しないこと",
            remedy_ja=again_ja,
        ),
        ExpectationSpec(
            "ExpectColumnValuesToBeInSet",
            {"column": "is_synthetic", "value_set": [label]},
            f"every row must be declared {label}, as its card says",
            "Land the edition again from its file (observatory build --force).",
            meaning_ja=f"すべての行がカードのとおり{label_ja}とされていること",
            remedy_ja=again_ja,
        ),
        _unique_key(facts.key_columns),
    ]
    suite += [
        ExpectationSpec(
            "ExpectColumnValuesToNotBeNull",
            {"column": name},
            f"the column {name} must be filled in every row",
            f"{card} (columns).",
            meaning_ja=f"列{name}がすべての行で記入されていること",
            remedy_ja=f"{card_ja}（columns）。",
        )
        for name in facts.required_columns
    ]
    suite += [
        ExpectationSpec(
            "ExpectColumnValuesToBeInSet",
            {"column": name, "value_set": sorted(codes)},
            f"the column {name} may only hold {', '.join(sorted(codes))}",
            f"{card} (labels).",
            meaning_ja=f"列{name}の値が次のいずれかであること（{'、'.join(sorted(codes))}）",
            remedy_ja=f"{card_ja}（labels）。",
        )
        for name, codes in facts.allowed_codes.items()
    ]
    return suite + _drift(facts.previous_blank_shares)


def _unique_key(columns: tuple[str, ...]) -> ExpectationSpec:
    """A publisher may list one thing twice, so this is worth a look and no error."""
    is_single = len(columns) == 1
    return ExpectationSpec(
        "ExpectColumnValuesToBeUnique" if is_single else "ExpectCompoundColumnsToBeUnique",
        {"column": columns[0]}
        if is_single
        else {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"},
        f"no two rows should have the same {' and '.join(columns)}",
        "If the publisher lists it twice, nothing is to be done; else add a column to the card's key.",
        "warn",
        f"{'と'.join(columns)}が同じ行が2つ以上ないこと",
        "公表元が重複して載せている場合は対応不要です。それ以外はカードのkeyに列を加えてください。",
    )


def _drift(previous_blank_shares: Mapping[str, float]) -> list[ExpectationSpec]:
    suite = []
    for name, blank_share in previous_blank_shares.items():
        expected = 1 - blank_share - FILL_LOST_SHARE
        if expected > 0:
            suite.append(
                ExpectationSpec(
                    "ExpectColumnValuesToNotBeNull",
                    {"column": name, "mostly": round(expected, 4)},
                    f"the column {name} was filled in {1 - blank_share:.0%} of the rows of the edition before and "
                    f"should be in at least {expected:.0%} now",
                    "Check whether the publisher left the column out or renamed it; if the blanks are right, name the "
                    "column under 'blanks_accepted' in the card.",
                    "warn",
                    f"列{name}（前の版では{1 - blank_share:.0%}の行で記入）が今回も{expected:.0%}以上の行で"
                    "記入されていること",
                    "公表元が列を省いたか名前を変えていないか確認してください。空欄が正しい場合は、カードの"
                    "「blanks_accepted」に列名を加えてください。",
                )
            )
    return suite
