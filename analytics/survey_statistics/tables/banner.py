"""Several questions in the rows by several questions side by side, the total first.

Belongs here: the banner, its column letters and significance letters. Does not belong here: one table
(``cross_table``), comparisons (``significance``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from string import ascii_uppercase
from typing import TYPE_CHECKING

from analytics.survey_statistics.result import Rows, TestResult
from analytics.survey_statistics.tables.columns import Column, sections
from analytics.survey_statistics.tables.cross_table import SEVERAL, cross_table
from analytics.survey_statistics.tables.multiplicity import adjustment_name
from analytics.survey_statistics.tables.rendering import Look, block, decimals_for, rounding_notes, source_line
from analytics.survey_statistics.tables.significance import ALPHA, SMALLEST_BASE, compare_columns

if TYPE_CHECKING:
    import pyarrow as pa

    from analytics.survey_statistics.survey import Survey

Letters = dict[tuple[str, str | None], str]


@dataclass(frozen=True)
class Banner:
    """Row questions by column questions. Every row question is a block with the same columns.

    The total of a block counts all who answered its row question; a column counts those of them in its category.
    """

    survey: Survey
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    where: str | None
    level: float
    adjustment: str

    @cached_property
    def blocks(self) -> tuple[tuple[Column, ...], ...]:
        """The columns of each row question, with their letters; the total has none."""
        return tuple(self._block(rows) for rows in self.rows)

    def _block(self, rows: str) -> tuple[Column, ...]:
        found = [sections(self.survey, rows, None, (), self.where, self.level)[0].columns[0]]
        for code in self.columns:
            found += sections(self.survey, rows, code, (), self.where, self.level)[0].columns[1:]
        return tuple(replace(column, letter=_letter(i - 1) if i else "") for i, column in enumerate(found))

    def comparisons(self, rows: str) -> Rows:
        """The tests behind the letters of one row question: one family for each column question, adjusted."""
        found: list[TestResult] = []
        for code in self._compared:
            found += compare_columns(self.survey, rows, code, where=self.where, adjustment=self.adjustment)
        return Rows(found)

    @property
    def _compared(self) -> list[str]:
        """Column questions whose categories exclude each other."""
        return [code for code in self.columns if not self.survey.responses.question(code).parts]

    def letters(self, rows: str) -> Letters:
        """By column letter and row category: letters of the columns of the same question that are significantly lower
        (5 percent after the adjustment, both bases 30 or more).
        """
        columns = self.blocks[self.rows.index(rows)]
        found: Letters = {}
        for code in self._compared:
            by_label = {column.label: column.letter for column in columns if column.question == code}
            tests = {
                test.subject: test
                for test in compare_columns(self.survey, rows, code, where=self.where, adjustment=self.adjustment)
                if test.adjusted_p_value is not None and test.adjusted_p_value < ALPHA
            }
            names = list(by_label)
            for estimate in columns[0].estimates:
                for i, first in enumerate(names):
                    for second in names[i + 1 :]:
                        test = tests.get(f"{estimate.category}: {second} - {first}")
                        if test is None:
                            continue
                        high, low = (second, first) if test.extra["difference"] > 0 else (first, second)
                        key = (by_label[high], estimate.category)
                        found[key] = found.get(key, "") + by_label[low]
        return {key: "".join(sorted(letters)) for key, letters in found.items()}

    def tests(self, kind: str = "F") -> Rows:
        """One test of independence for each pair of a row and a column question that take one answer, adjusted
        together.
        """
        from analytics.survey_statistics.tables.multiplicity import adjusted_p_values

        pairs = [(row, column) for row in self.rows for column in self._compared]
        found = [
            cross_table(self.survey, row, column, where=self.where).test(kind)
            for row, column in pairs
            if row != column and not self.survey.responses.question(row).parts
        ]
        adjusted = adjusted_p_values([test.p_value for test in found], self.adjustment)
        count = sum(p is not None for p in adjusted)
        return Rows(
            [
                replace(test, adjusted_p_value=p, adjustment=self.adjustment, n_tests=count)
                for test, p in zip(found, adjusted, strict=True)
            ]
        )

    def to_rows(self) -> Rows:
        """All shares, block by block."""
        return Rows(
            [
                replace(row, statistic="column_share")
                for columns in self.blocks
                for column in columns
                for row in column.estimates
            ]
        )

    def to_arrow(self) -> pa.Table:
        """All shares as a table of Arrow."""
        return self.to_rows().to_arrow()

    def text(self, *, intervals: bool = False, decimals: int | None = None) -> str:
        """The banner to be read."""
        lines: list[str] = []
        notes: list[str] = []
        for rows, columns in zip(self.rows, self.blocks, strict=True):
            question = self.survey.responses.question(rows)
            letters = self.letters(rows)
            look = Look(intervals, letters, decimals_for(columns) if decimals is None else decimals)
            weighted = "" if self.survey.context.weights == "none" else ", weighted"
            title = question.text if question.text != rows and question.text else rows
            lines += [f"{title}: shares in percent{weighted}", *block(columns, look)]
            lines += [f"Base: {columns[0].estimates[0].base}." if columns[0].estimates else "Base: no cases.", ""]
            notes += [] if question.parts else rounding_notes(columns, look, rows)
        codes = [*self.rows, *self.columns]
        several = any(self.survey.responses.question(code).parts for code in codes)
        return "\n".join([*lines, self.legend, *([SEVERAL] if several else []), *notes, source_line(self.survey)])

    @property
    def legend(self) -> str:
        """What the letters say."""
        counts = sorted({test.n_tests for rows in self.rows for test in self.comparisons(rows)} - {0})
        if not counts:
            return f"No letters: no two columns of a question have a base of {SMALLEST_BASE} or more."
        family = f"{counts[0]} to {counts[-1]}" if len(counts) > 1 else str(counts[0])
        adjustment = self.adjustment.replace("_", "-").title()
        return (
            f"A letter beside a share: it is higher than that of the column with this letter, of the same question "
            f"(t tests under the design, 5 percent, {adjustment} adjustment over the {family} "
            f"comparisons of a row question with a column question; columns with a base under {SMALLEST_BASE} are not "
            "compared)."
        )

    def __repr__(self) -> str:
        return self.text()


def banner(
    survey: Survey,
    rows: str | Sequence[str],
    columns: str | Sequence[str],
    *,
    where: str | None = None,
    level: float = 0.95,
    adjustment: str = "holm",
) -> Banner:
    """Questions in the rows by several questions side by side. Raises ``SurveyError`` for an unknown question."""
    down = (rows,) if isinstance(rows, str) else tuple(rows)
    across = (columns,) if isinstance(columns, str) else tuple(columns)
    for code in (*down, *across):
        survey.responses.question(code)
    return Banner(survey, down, across, where, level, adjustment_name(adjustment))


def _letter(place: int) -> str:
    """A, B, ..., Z, AA, AB, ..."""
    before = _letter(place // 26 - 1) if place >= 26 else ""
    return before + ascii_uppercase[place % 26]
