"""The rows of an export as the engine takes them: numbers, rows left out, blank lines, records across blocks.

Belongs here: cells before a tool's reader. Does not belong here: what a cell means (``test_engine_answers``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.csv as csv
import pytest

from ingest.message import problem
from ingest.problem import Outcome, Place, SourceError
from ingest.survey import csv_rows
from ingest.survey.cells import Cells, tables_of
from ingest.survey.codebook import CHOICE, TEXT, Codebook, Option, Question
from ingest.survey.export import Convention, Export
from ingest.survey.xlsform_writing import write_xlsform
from tests.faults.told import told
from tests.survey.answers import ReadWave, answers_of

YES_NO = (Option("1", {"en": "Yes"}), Option("2", {"en": "No"}))
FORM = Codebook((Question("q1", CHOICE, {"en": "A?"}, YES_NO), Question("q2", TEXT, {"en": "B?"})), "xlsform")


def table(tmp_path: Path, text: str) -> Cells:
    """A CSV on disk, opened."""
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (found,) = tables_of(path)
    return found


def rows(cells: Cells) -> list[tuple[int, str]]:
    """Row number and first cell of every row behind the header."""
    batches = cells.after(1)(frozenset({0}))
    return [(row["row_number"], row["c1"]) for batch in batches for row in batch.to_pylist()]


@pytest.mark.parametrize("block", [64, 100, 257, 1 << 20])
def test_rows_keep_their_numbers_behind_rows_left_out_blank_lines_and_line_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """Whatever stands before it, and wherever Arrow's blocks end, a row has the number that a spreadsheet shows."""
    monkeypatch.setattr(csv_rows, "BLOCK_BYTES", block)
    lines, expected, ragged = ["a,b"], [], []
    for number in range(2, 150):
        if number % 17 == 5:
            lines.append(f"alone {number}")
            ragged.append(number)
        elif number % 23 == 3:
            lines.append("")
        else:
            lines.append(f'r{number},"two\nlines ""{number}"""')
            expected.append((number, f"r{number}"))
    cells = table(tmp_path, "\n".join(lines) + "\n")
    assert rows(cells) == expected
    assert [int(each.where.rpartition(" ")[2]) for each in cells.told] == ragged
    assert rows(cells) == expected  # and nothing is told twice
    assert len(cells.told) == len(ragged)


def test_a_row_refused_by_a_reader_that_was_left_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrow reads ahead: a reader that is wanted no more may refuse one more row while the next one reads."""
    open_csv, handlers = csv.open_csv, []

    def late(path: Path, *, parse_options: csv.ParseOptions, **options: Any) -> Any:
        handlers.append(parse_options.invalid_row_handler)
        if len(handlers) == 2:
            handlers[0](csv.InvalidRow(2, 1, None, "late"))
        return open_csv(path, parse_options=parse_options, **options)

    monkeypatch.setattr(csv, "open_csv", late)
    cells = table(tmp_path, "a,b\n1,x\n2\n3,y\n")
    assert rows(cells) == [(2, "1"), (4, "3")]
    assert len(handlers) == 2
    assert [each.where for each in cells.told] == ["export.csv, row 3"]


def test_many_ragged_rows_are_told_in_few_sentences(tmp_path: Path) -> None:
    """A file with a hundred broken rows tells the first twenty and counts the others."""
    good = "".join(f"{number},x\n" for number in range(60))
    cells = table(tmp_path, "a,b\n" + good + "1,2,3\n" * 100)
    assert len(rows(cells)) == 60
    assert len(cells.told) == 21
    told(cells.told, "survey_rows_ragged", Outcome.WARN, ["80 rows"], ["80行"])


def test_a_ragged_first_row_does_not_widen_the_table(tmp_path: Path) -> None:
    """It is the odd one: the rows behind it are read, it is not."""
    cells = table(tmp_path, "a,b,c\n1,x,y,z\n2,p,q\n3,r,s\n")
    assert rows(cells) == [(3, "2"), (4, "3")]
    assert cells.width == 3


def test_separators_behind_every_row_are_no_column(tmp_path: Path) -> None:
    """Some tools end each row with a separator, the header without."""
    cells = table(tmp_path, "a,b\n1,x,\n2,y,\n")
    assert rows(cells) == [(2, "1"), (3, "2")]


@pytest.mark.parametrize("text", ["q1,q2\n1,x,y\n2,x,y\n", "q1,q2,q3\n1,x\n2,y\n"])
def test_rows_that_do_not_fit_below_the_header_are_refused(tmp_path: Path, text: str) -> None:
    """As R writes them, with names of rows and no heading above: every answer would stand one column aside."""
    with pytest.raises(SourceError) as error:
        read(tmp_path, text)
    told(error.value.problems, "survey_header_ragged", Outcome.QUAR, ["in most rows"], ["大半の行"])


def test_a_survey_without_responses_is_refused(tmp_path: Path) -> None:
    """Exported on the first day: a header and nothing else, of which no share can be told."""
    with pytest.raises(SourceError) as error:
        read(tmp_path, "q1,q2\n")
    told(error.value.problems, "survey_no_responses", Outcome.QUAR, ["a header only"], ["見出しのみ"])


def read(tmp_path: Path, text: str) -> ReadWave:
    """A plain table with the small form."""
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    write_xlsform(FORM, tmp_path / "form.xlsx")
    return answers_of(path, tmp_path / "form.xlsx", tool="plain table")


def test_rows_left_out_are_told_whatever_the_reader_passes_on(tmp_path: Path) -> None:
    """A reader may hand on what was known when it looked; what comes later is told as well, once."""
    wave = read(tmp_path, "q1,q2\n1,x\n2\n1,y\n")
    assert [each.code for each in wave.problems].count("survey_row_ragged") == 1
    assert [each["row_number"] for each in wave.responses] == [2, 4]
    early, late = (problem("survey_row_ragged", Place("a.csv", row=row), n_cells=1, n_columns=2) for row in (3, 4))
    export = Export("", "", (), lambda _: iter(()), Convention(), problems=[early, late, early])
    assert export.all_problems() == [early, late]
