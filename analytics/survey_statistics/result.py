"""A row of results: one number with everything that is needed to trust it or not.

Belongs here: the shape of an estimate and of a test. Does not belong here: how either is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

NO_CASES = "no cases"


@dataclass(frozen=True)
class Context:
    """What all rows of a survey share."""

    survey: str
    weights: str
    lonely_psu: str
    is_fpc_used: bool
    inference: str
    is_synthetic: bool
    release_id: str | None
    variance: str


@dataclass(frozen=True)
class Estimate:
    """One estimate. Shares run from 0 to 1. What is undefined is None, with ``null_reason``.

    ``n`` counts responses in the base with a positive weight, ``weighted_n`` is the sum of their weights. ``missing``
    counts the responses of the domain that are not in the base, by state. ``note`` warns, for instance of a mean of
    codes; ``bounds`` are the lowest and the highest value that the missing could make of it. A difference or a change
    has the ``p_value`` of no difference, and where it is one of ``n_tests`` in a family the adjusted one.
    """

    statistic: str
    question: str
    category: str | None
    domain: str
    value: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None
    level: float | None
    interval_method: str
    n: int
    weighted_n: float
    base: str
    missing: Mapping[str, int]
    degrees_of_freedom: float | None
    df_rule: str
    design_effect: float | None
    method: str
    context: Context
    query: str
    null_reason: str | None = None
    note: str | None = None
    n_category: int | None = None
    bounds: tuple[float, float] | None = None
    suppressed: str | None = None
    p_value: float | None = None
    adjusted_p_value: float | None = None
    adjustment: str | None = None
    n_tests: int | None = None

    def __str__(self) -> str:
        """The estimate as a table of one row; its ``repr`` has every field."""
        return repr(Rows([self]))

    def to_row(self) -> dict[str, Any]:
        """The estimate as one flat row; the missing by state in words."""
        row = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in NESTED}
        row |= {item.name: getattr(self.context, item.name) for item in fields(self.context)}
        row["missing"] = ", ".join(f"{state} {n}" for state, n in sorted(self.missing.items()) if n)
        row["bound_lower"], row["bound_upper"] = self.bounds or (None, None)
        return row


NESTED = ("context", "missing", "bounds", "effect_size", "extra")


@dataclass(frozen=True)
class TestResult:
    """One test of a hypothesis. ``p_value`` is two-sided unless ``alternative`` says otherwise; None with a reason.

    ``adjusted_p_value`` with ``adjustment`` and ``n_tests`` where several tests stand side by side.
    ``monte_carlo_error`` is the standard error of a p value that was simulated.
    """

    __test__ = False

    test: str
    subject: str
    statistic: float | None
    p_value: float | None
    df_numerator: float | None
    df_denominator: float | None
    n: int
    method: str
    context: Context | None
    null_reason: str | None = None
    note: str | None = None
    effect_size: Estimate | None = None
    alternative: str = "two-sided"
    adjusted_p_value: float | None = None
    adjustment: str | None = None
    n_tests: int = 1
    monte_carlo_error: float | None = None
    extra: Mapping[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        """The test as a sentence; its ``repr`` has every field."""
        return repr(Rows([self]))

    def to_row(self) -> dict[str, Any]:
        """The test as one flat row; the effect size with its interval."""
        row = {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if item.name not in ("context", "effect_size", "extra")
        }
        if self.context is not None:
            row |= {item.name: getattr(self.context, item.name) for item in fields(self.context)}
        effect = self.effect_size
        row["effect_name"] = effect.statistic if effect else None
        row["effect_value"] = effect.value if effect else None
        row["effect_lower"] = effect.lower if effect else None
        row["effect_upper"] = effect.upper if effect else None
        return row


def undefined_test(test: str, subject: str, n: int, method: str, context: Context, reason: str) -> TestResult:
    """A test without numbers, and why."""
    return TestResult(test, subject, None, None, None, None, n, method, context, null_reason=reason)


class Rows(Sequence[Any]):
    """Estimates or tests in order, as a sequence, a table of Arrow or pandas, or text."""

    def __init__(self, rows: Sequence[Estimate] | Sequence[TestResult]) -> None:
        self.rows: tuple[Any, ...] = tuple(rows)

    def __getitem__(self, place: Any) -> Any:
        return self.rows[place]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def to_arrow(self) -> pa.Table:
        """One row each, with all columns."""
        import pyarrow

        return pyarrow.Table.from_pylist([row.to_row() for row in self.rows])

    def to_pandas(self) -> pd.DataFrame:
        """One row each, with all columns."""
        frame: pd.DataFrame = self.to_arrow().to_pandas()
        return frame

    def __repr__(self) -> str:
        """The rows as text, because this is what a console shows."""
        from analytics.survey_statistics.listing import estimates_text, tests_text

        return tests_text(self.rows) if self._are_tests else estimates_text(self.rows)

    def _repr_html_(self) -> str | None:
        """The rows as a notebook shows them; tests are sentences, which are text there too."""
        from analytics.survey_statistics.listing import estimates_html

        return None if self._are_tests else estimates_html(self.rows)

    @property
    def _are_tests(self) -> bool:
        return any(isinstance(row, TestResult) for row in self.rows)

    def replaced(self, **changes: Any) -> Rows:
        """The same rows with some fields changed."""
        return Rows([replace(row, **changes) for row in self.rows])


def of_each(question: str | Sequence[str], asked: Callable[[str], Rows]) -> Rows:
    """The rows of a question; of several their rows in order."""
    if isinstance(question, str):
        return asked(question)
    return Rows([row for code in question for row in asked(code)])
