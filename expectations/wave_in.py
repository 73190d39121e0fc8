"""What a landed survey wave must look like before any model reads it.

Belongs here: plausibility of the responses of one wave as a whole. Does not belong here: single answers and whether the
export and its codebook agree (ingest), how rows relate to other tables (dbt tests).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.validate import ExpectationSpec, Validation, validate_frame

if TYPE_CHECKING:
    import pandas as pd

# The columns that are asked about.
COLUMNS = ("response_id", "disposition", "n_applicable", "n_answered", "is_counted")
DISPOSITIONS = ("complete", "partial", "break_off", "excluded")
AGAIN = "Land the wave again from its file (observatory build --force)."
AGAIN_JA = "ファイルから読み込み直してください（observatory build --force）。"


def check_wave(responses: pd.DataFrame, subject: str, expected: tuple[int, int]) -> Validation:
    """Validate the responses of one wave. ``expected``: fewest and most responses that the card tells."""
    return validate_frame(responses, wave_suite(expected), subject=subject, label="response_id")


def wave_suite(expected: tuple[int, int]) -> list[ExpectationSpec]:
    """The expectations of one wave."""
    fewest, most = expected
    return [
        ExpectationSpec(
            "ExpectTableRowCountToBeBetween",
            {"min_value": fewest, "max_value": most},
            f"the number of responses must lie between {fewest} and {most}",
            "Compare the export with the survey tool; if it is right, correct the card (expected_rows).",
            meaning_ja=f"回答数が{fewest}から{most}の間にあること",
            remedy_ja="アンケートツールの件数と比較し、正しい場合はカードのexpected_rowsを直してください。",
        ),
        ExpectationSpec(
            "ExpectColumnValuesToBeUnique",
            {"column": "response_id"},
            "each response must have an id of its own",
            AGAIN,
            meaning_ja="各回答のIDが重複しないこと",
            remedy_ja=AGAIN_JA,
        ),
        ExpectationSpec(
            "ExpectColumnValuesToBeInSet",
            {"column": "disposition", "value_set": list(DISPOSITIONS)},
            f"a disposition must be one of {', '.join(DISPOSITIONS)}",
            AGAIN,
            meaning_ja=f"回答の区分が次のいずれかであること（{'、'.join(DISPOSITIONS)}）",
            remedy_ja=AGAIN_JA,
        ),
        ExpectationSpec(
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "n_applicable", "column_B": "n_answered", "or_equal": True},
            "nobody can have answered more questions than were asked",
            "Check the routing in the codebook (relevant).",
            "warn",
            "回答した設問数が、対象となる設問数を超えないこと",
            "コードブックの分岐条件（relevant）を確認してください。",
        ),
    ]
