"""Run expectations on a frame and say the outcome in sentences. The only module that knows Great Expectations.

Belongs here: the step from plain specifications to Great Expectations 1.x and back to plain outcomes. Does not belong
here: which expectations hold for what; see ``border_in`` and ``border_out``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["error", "warn"]
EXAMPLES_SHOWN = 5


@dataclass(frozen=True)
class ExpectationSpec:
    """One expectation: the Great Expectations class by name and its arguments, and what they mean to a reader.

    ``meaning`` ends the sentence "In <subject>, ..." and says what must hold; ``remedy`` is a sentence on what to do.
    ``meaning_ja`` ("...こと") and ``remedy_ja`` say the same in Japanese; empty where nobody is told in Japanese.
    """

    name: str
    kwargs: Mapping[str, Any]
    meaning: str
    remedy: str
    severity: Severity = "error"
    meaning_ja: str = ""
    remedy_ja: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one expectation. ``message`` is a full sentence: what, where, found, expected, remedy.

    ``message_ja`` is the same in Japanese, or ``message`` where the expectation has no Japanese wording.
    """

    name: str
    is_passed: bool
    severity: Severity
    observed: str
    message: str
    message_ja: str = ""


@dataclass(frozen=True)
class Validation:
    """What came of all expectations on a subject. Only a failed ``error`` stops a build; a ``warn`` is shown."""

    subject: str
    n_rows: int
    outcomes: tuple[Outcome, ...] = field(default=())

    @property
    def is_passed(self) -> bool:
        """No expectation of severity ``error`` failed."""
        return not self.errors

    @property
    def errors(self) -> tuple[Outcome, ...]:
        """Failed expectations that stop the build."""
        return tuple(each for each in self.outcomes if not each.is_passed and each.severity == "error")

    @property
    def warnings(self) -> tuple[Outcome, ...]:
        """Failed expectations that are only shown."""
        return tuple(each for each in self.outcomes if not each.is_passed and each.severity == "warn")


def validate_frame(
    frame: pd.DataFrame,
    suite: Sequence[ExpectationSpec],
    *,
    subject: str,
    label: str | None = None,
    may_be_empty: bool = False,
) -> Validation:
    """Validate one frame. ``label`` is the column that names a row in messages (default: its place in the frame).

    An expectation that cannot run has failed. A frame without rows has failed too, unless it may be empty: nearly
    every expectation holds for no rows at all.
    """
    if frame.empty and not may_be_empty:
        message = f"In {subject}, 0 rows validated: at least one row was expected. Check the file or query behind it."
        japanese = "確認できる行が0行です。1行以上必要です。元のファイルを確認してください。"
        return Validation(subject, 0, (Outcome("ExpectRows", False, "error", "0 rows", message, japanese),))
    if not suite or frame.empty:
        return Validation(subject, len(frame))
    import great_expectations as gx

    rows = frame.reset_index(drop=True)
    expectations = [
        getattr(gx.expectations, spec.name)(**spec.kwargs, meta={"place": place}) for place, spec in enumerate(suite)
    ]
    batch = _batch_definition().get_batch(batch_parameters={"dataframe": rows})
    result = batch.validate(gx.ExpectationSuite(name="suite", expectations=expectations), result_format="SUMMARY")
    # Expectations that raised come first in the answer, so each one is found by the place it carries.
    answers = {answer.expectation_config.meta["place"]: answer for answer in result.results}
    labels = rows[label].astype(str).tolist() if label else [f"row {number}" for number in range(1, len(rows) + 1)]
    outcomes = [_outcome(subject, spec, answers.get(place), labels) for place, spec in enumerate(suite)]
    return Validation(subject, len(frame), tuple(outcomes))


def merge(subject: str, validations: Iterable[Validation]) -> Validation:
    """Several validations as one."""
    parts = list(validations)
    return Validation(
        subject, sum(part.n_rows for part in parts), tuple(each for part in parts for each in part.outcomes)
    )


@cache
def _batch_definition() -> Any:
    """One in-memory context for the whole process: its making and the library's import are paid once."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return (
        context.data_sources.add_pandas("frames")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("all")
    )


def _outcome(subject: str, spec: ExpectationSpec, answer: Any, labels: Sequence[str]) -> Outcome:
    is_passed = bool(answer is not None and answer.success)
    observed = _observed(answer, labels)
    sentence = f"In {subject}, {spec.meaning}"
    message = f"{sentence}." if is_passed else f"{sentence}, but {observed}. {spec.remedy}"
    japanese = message
    if spec.meaning_ja:
        found = "" if is_passed else f"が必要ですが、{_observed_ja(answer, labels)}。{spec.remedy_ja}"
        japanese = f"{spec.meaning_ja}{found}"
    return Outcome(spec.name, is_passed, spec.severity, observed, message, japanese)


def _observed(answer: Any, labels: Sequence[str]) -> str:
    """What was found, in words."""
    if answer is None:
        return "the check gave no answer"
    result = answer.result or {}
    if "observed_value" in result:
        return f"{result['observed_value']} was found"
    if "unexpected_count" in result:
        if not result["unexpected_count"]:
            return "nothing else was found"
        examples = "; ".join(_examples(result, labels))
        more = ", ..." if result["unexpected_count"] > EXAMPLES_SHOWN else ""
        return f"{result['unexpected_count']} of {result['element_count']} rows differ ({examples}{more})"
    failures = [_exception_text(value) for value in (answer.exception_info or {}).values()]
    reasons = sorted({text for text in failures if text})
    if reasons:
        return f"the check could not run ({' / '.join(reasons)})"
    return "it is there" if answer.success else "it was not found"


def _observed_ja(answer: Any, labels: Sequence[str]) -> str:
    """What was found, in Japanese."""
    result = (answer.result or {}) if answer is not None else {}
    if "observed_value" in result:
        return f"実際は{result['observed_value']}です"
    if result.get("unexpected_count"):
        examples = "、".join(_examples(result, labels))
        more = "など" if result["unexpected_count"] > EXAMPLES_SHOWN else ""
        return f"{result['element_count']}行中{result['unexpected_count']}行が異なります（{examples}{more}）"
    return "確認を実行できませんでした"


def _examples(result: Mapping[str, Any], labels: Sequence[str]) -> list[str]:
    places = (result.get("partial_unexpected_index_list") or [])[:EXAMPLES_SHOWN]
    values = result.get("partial_unexpected_list") or []
    return [f"{labels[place]}: {_shown(value)}" for place, value in zip(places, values, strict=False)]


def _exception_text(value: Any) -> str | None:
    """The message of one exception entry, which is a mapping, a flag or text depending on what failed."""
    if isinstance(value, Mapping):
        value = value.get("exception_message")
    return value.strip() if isinstance(value, str) and not value.startswith("Traceback") else None


def _shown(value: Any) -> str:
    """A value or the values of several columns as text; a missing one as ``empty``."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        return " / ".join(_shown(part) for part in value)
    return "empty" if value is None or value != value else str(value)
