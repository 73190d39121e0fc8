"""Which files a landed survey wave becomes, and their columns.

Belongs here: names, order and types. Does not belong here: filling them (``landing``). Every relation has one Parquet
file for each wave, ``raw/<relation>/<source id>/<hash>.parquet``; the wide one has the columns that its survey has.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

# Relation -> its columns after ``source_id``, ``survey_code``, ``wave``, ``is_synthetic``; text unless said below.
RELATIONS: dict[str, tuple[str, ...]] = {
    # One row per export file: what it was, what it brought, and how the wave is described in its card.
    "survey__file": (
        *("file_name", "file_sha256", "tool", "form", "options", "exported_at", "title_en", "title_ja", "languages"),
        *("codebook_origin", "codebook_file", "codebook_sha256", "n_rows", "n_responses", "n_not_counted"),
        *("n_duplicates", "n_forgotten", "n_redacted", "n_unreadable", "duplicate_rule", "partial_rule", "timezone"),
        *("retention_until", "wide_table", "repeat_code", "wide_file"),
    ),
    # One row per question: text for each language, kind, routing.
    "survey__question": (
        *("question_no", "question_code", "parent_code", "repeat_code", "kind", "label_en", "label_ja", "labels"),
        *("parent_label_en", "parent_label_ja", "routing", "is_required", "is_personal", "other_of", "is_in_file"),
    ),
    # One row per option of a question, in the order of the code list.
    "survey__option": (
        *("question_code", "option_no", "option_code", "label_en", "label_ja", "labels", "is_other", "is_exclusive"),
        *("option_state",),
    ),
    # One row per column of a wide table that holds answers: which question and option, how to read it, where it stood.
    "survey__column": (
        *("wide_table", "column_no", "wide_column", "question_code", "option_code", "part", "state_column"),
        *("raw_column", "source_header", "source_column", "matched_by"),
    ),
    # One row per response, in the order of the wide file.
    "survey__response": (
        *("response_no", "row_number", "response_id", "respondent_id", "disposition", "language", "collector"),
        *("started_at", "submitted_at", "duration_seconds", "n_applicable", "n_answered", "is_counted"),
        *("not_counted_reason", "is_duplicate", "is_fast", "is_straight_lined"),
    ),
    # One row per thing that the format of the file cannot tell apart, and what was made of it.
    "survey__limit": ("limit_code", "question_code", "states_merged", "counted_as", "sentence_en", "sentence_ja"),
    # One row per statement of the card about the design: population, frame, strata, weights and so on.
    "survey__design": ("aspect", "value", "is_documented", "is_usable", "reason"),
    # One row per final disposition, as counted in the file or as told in the card.
    "survey__disposition": ("disposition", "n", "origin"),
    # One row per item of the CHERRIES checklist; null where the card does not say.
    "survey__cherries": ("item_no", "item_code", "item_en", "item_ja", "answer"),
}
KEYS = ("source_id", "survey_code", "wave", "is_synthetic")
INTEGERS = {
    *("n_rows", "n_responses", "n_not_counted", "n_duplicates", "n_forgotten", "n_redacted", "n_unreadable", "n"),
    *("question_no", "option_no", "column_no", "response_no", "row_number", "n_applicable", "n_answered", "item_no"),
}
BOOLEANS = {
    *("is_synthetic", "is_required", "is_personal", "is_other", "is_exclusive", "is_in_file", "is_counted"),
    *("is_duplicate", "is_fast", "is_straight_lined", "is_documented", "is_usable"),
}
# Columns of a wide file beside those of the questions: the response, for a repeat its number, and the design variables.
RESPONSE_NO, REPEAT_NO, DESIGN_PREFIX = "response_no", "repeat_no", "design__"
STATE_SUFFIX, RAW_SUFFIX = "__state", "__raw"
# What the view of a wave shows beside the answers (dbt_project/macros/survey_views.sql).
BESIDE_ANSWERS = (RESPONSE_NO, REPEAT_NO, "response_id", "language", "disposition", "is_counted", "is_synthetic")


@cache
def relation_schema(name: str) -> pa.Schema:
    """Schema of a relation's files."""
    import pyarrow as pa

    types = dict.fromkeys(INTEGERS, pa.int64()) | dict.fromkeys(BOOLEANS, pa.bool_())
    types |= {"started_at": pa.timestamp("s"), "submitted_at": pa.timestamp("s"), "duration_seconds": pa.float64()}
    types["labels"] = pa.map_(pa.string(), pa.string())
    return pa.schema([(column, types.get(column, pa.string())) for column in (*KEYS, *RELATIONS[name])])
