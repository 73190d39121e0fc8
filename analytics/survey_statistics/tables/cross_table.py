"""A cross table of one, two or three questions with its bases and one honest test.

Belongs here: what can be asked of one table. Does not belong here: several tables side by side (``banner``), text
(``rendering``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from analytics.survey_statistics.estimators.domain import label
from analytics.survey_statistics.estimators.proportion import proportion
from analytics.survey_statistics.result import Estimate, Rows, TestResult
from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.tables.association import (
    ROUGH,
    association,
    few_expected,
    few_in_words,
    same_association_test,
)
from analytics.survey_statistics.tables.columns import Section, sections
from analytics.survey_statistics.tables.contingency import Contingency, contingency
from analytics.survey_statistics.tables.rendering import (
    Look,
    block,
    decimals_for,
    measure_line,
    rounding_notes,
    source_line,
    test_line,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from analytics.survey_statistics.survey import By, Survey

SEVERAL = "Several answers were possible: shares are of respondents and may add up to more than 100."
OF = {"column": "column_share", "row": "row_share", "total": "total_share"}
JOIN = " / "
# Of keys: a character that no answer holds, so that "a / b" by "c" is not "a" by "b / c".
KEY_JOIN = "\x1f"


@dataclass(frozen=True)
class CrossTable:
    """The table of ``rows`` by ``columns`` inside ``layers``. Shares run from 0 to 1 and are made when asked for.

    Every category of the codebook has its row and column, those without a response too.
    """

    survey: Survey
    rows: str
    columns: str | None
    layers: tuple[str, ...]
    where: str | None
    level: float

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The total and the columns with their shares, in each layer."""
        return sections(self.survey, self.rows, self.columns, self.layers, self.where, self.level)

    @cached_property
    def contingency(self) -> Contingency:
        """Unweighted and weighted counts as arrays, and the covariance of shares; of questions with one answer."""
        return contingency(
            self.survey, [*self.layers, self.rows, *([self.columns] if self.columns else [])], self.where
        )

    def shares(self, of: str = "column") -> Rows:
        """Shares of the cells with standard errors and intervals: ``of`` is column, row or total.

        Column and row shares begin with those of the margin, whose domain has no category of the other question.
        """
        if of not in OF:
            raise SurveyError(f"Shares are of {', '.join(OF)}, not {of!r}.")
        if of == "column":
            found = [row for section in self.sections for column in section.columns for row in column.estimates]
        elif self.columns is None:
            raise SurveyError(f"A table of {self.rows} alone has one column; ask for shares('column').")
        elif of == "row":
            turned = sections(self.survey, self.columns, self.rows, self.layers, self.where, self.level)
            found = [row for section in turned for column in section.columns for row in column.estimates]
        else:
            found = self._total_shares(self.columns)
        return Rows([replace(row, statistic=OF[of]) for row in found])

    def _total_shares(self, columns: str) -> list[Estimate]:
        question = _joined(self.survey, self.contingency, self.rows, columns)
        asked = replace(self.survey.responses, questions={**self.survey.responses.questions, question.code: question})
        survey = replace(self.survey, responses=asked)
        return list(proportion(survey, question.code, list(self.layers), where=self.where, level=self.level))

    def test(self, kind: str = "F") -> TestResult:
        """Whether rows and columns are independent (inside the layers); kinds as in ``association.KINDS``."""
        if self.columns is None:
            raise SurveyError(f"A table of {self.rows} alone has nothing to be independent of; see goodness_of_fit.")
        return association(self.contingency, kind)

    def homogeneity_test(self, kind: str = "F") -> TestResult:
        """Whether rows and columns are associated in the same way in all layers (their odds ratios are the same)."""
        if self.columns is None or not self.layers:
            raise SurveyError(f"The table of {self.rows} has no layers to compare; name columns and layers.")
        return same_association_test(self.contingency, kind)

    def effect_size(self, kind: str = "cramers_v") -> Estimate:
        """Strength of the association with its interval; kinds as in ``effect.KINDS``, in layers ``effect.COMMON``."""
        from analytics.survey_statistics.tables.effect import table_effect

        return table_effect(self.contingency, kind, self.level)

    def to_rows(self) -> Rows:
        """All shares: of columns, and of rows and the total if there are columns."""
        kinds = ["column"] if self.columns is None else ["column", "row", *([] if self._has_several else ["total"])]
        return Rows([row for of in kinds for row in self.shares(of)])

    def to_arrow(self) -> pa.Table:
        """All shares as a table of Arrow."""
        return self.to_rows().to_arrow()

    @property
    def _has_several(self) -> bool:
        codes = [self.rows, *([self.columns] if self.columns else []), *self.layers]
        return any(self.survey.responses.question(code).parts for code in codes)

    def text(self, *, intervals: bool = False, decimals: int | None = None, kind: str = "F") -> str:
        """The table to be read: column shares in percent, bases, missing, the test, and what to keep in mind."""
        columns = [column for section in self.sections for column in section.columns]
        look = Look(intervals, None, decimals_for(columns) if decimals is None else decimals)
        title = f"{self.rows}{f' by {self.columns}' if self.columns else ''}: shares in percent"
        lines = [title + ("" if self.survey.context.weights == "none" else ", weighted"), ""]
        notes = []
        for section in self.sections:
            lines += [*([section.label] if section.label else []), *block(section.columns, look), ""]
            if not self.survey.responses.question(self.rows).parts:
                notes += rounding_notes(section.columns, look, section.label)
        lines.append(f"Base: {self.base}.")
        if self._has_several:
            notes.append(SEVERAL)
        elif self.columns:
            lines.append(self._tested(kind))
            lines += self._in_common()
        return "\n".join([*lines, *notes, source_line(self.survey)])

    def _tested(self, kind: str) -> str:
        """The test in words; where cells are too small for it, that instead of a p value."""
        result = self.test(kind)
        if result.statistic is not None and few_expected(self.contingency):
            return f"{result.subject}: not tested; {result.null_reason or few_in_words(self.contingency)}."
        return test_line(result)

    def _in_common(self) -> list[str]:
        """What the layers have in common, in words: a test of it, the odds ratio of two by two, and whether it is the
        same in all.
        """
        if not self.layers:
            return []
        lines = [_told(self.test("CMH"))]
        if self.contingency.shape[-2:] == (2, 2):
            lines.append(measure_line(self.effect_size("odds_ratio")))
        return [*lines, _told(self.homogeneity_test())]

    @property
    def base(self) -> str:
        """Who is counted in the total of the table, in words."""
        codes = " and ".join([self.rows, *([self.columns] if self.columns else []), *self.layers])
        where = f"; where {self.where}" if self.where else ""
        return f"{self.survey.responses.base}; responses that answered {codes}{where}"

    def __repr__(self) -> str:
        return self.text()


def _told(result: TestResult) -> str:
    """A test in words; where the table is too small for it, that instead of a p value."""
    if result.p_value is not None and result.note and ROUGH in result.note:
        return f"{result.subject}: {result.test} not tested; {result.note.partition(', so')[0]}."
    return test_line(result)


def cross_table(
    survey: Survey,
    rows: str,
    columns: By = None,
    layers: By = None,
    *,
    where: str | None = None,
    level: float = 0.95,
) -> CrossTable:
    """The table of ``rows``, by ``columns``, inside ``layers``; further columns named in ``columns`` become layers.

    Raises ``SurveyError`` for an unknown question, a question used twice, or layers that take several answers.
    """
    across = [columns] if isinstance(columns, str) else list(columns or ())
    inside = [layers] if isinstance(layers, str) else list(layers or ())
    inside = [*inside, *across[1:]]
    codes = [rows, *across[:1], *inside]
    if len(set(codes)) < len(codes):
        raise SurveyError(f"A table of {', '.join(codes)} names a question twice; every dimension is another question.")
    for code in codes:
        if survey.responses.question(code).parts and code in inside:
            raise SurveyError(f"{code} takes several answers and cannot be a layer; put it in the rows or columns.")
    return CrossTable(survey, rows, across[0] if across else None, tuple(inside), where, level)


def _joined(survey: Survey, table: Contingency, rows: str, columns: str) -> Question:
    """The pair of two questions as one question, whose categories are the cells."""
    row, column = survey.responses.question(rows), survey.responses.question(columns)
    pairs: dict[object, str] = {
        f"{_as_text(a)}{KEY_JOIN}{_as_text(b)}": f"{label(row, a)}{JOIN}{label(column, b)}"
        for a in _values(row, table.levels[-2])
        for b in _values(column, table.levels[-1])
    }
    return Question(
        code=f"{rows} x {columns}",
        kind="choice",
        value=f"({row.value})::varchar || '{KEY_JOIN}' || ({column.value})::varchar",
        state=f"case when ({row.value}) is null then {row.state} else {column.state} end",
        categories=pairs,
    )


def _values(question: Question, found: Sequence[object]) -> list[object]:
    return [*question.categories, *(value for value in found if value not in question.categories)]


def _as_text(value: object) -> str:
    """A value as the engine casts it to text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
