"""LimeSurvey's export of responses as CSV or workbook: codes or full answers, whatever the headings and the separator.

Belongs here: the export's form, what its cells tell of a column, and how LimeSurvey writes states. Does not belong
here: headings (``limesurvey_heading``), the archive that keeps NULL (``limesurvey_archive``), the survey's structure
(``codebook_lss``). Source: Writer.php, CsvWriter.php and SurveyObj.php of LimeSurvey.

Rows are never touched one by one: headings decide, and where they leave a choice the first batch of cells does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.cells import Cells, TableProblems
from ingest.survey.export import Batches, Convention, Export, SourceColumn
from ingest.survey.signature import shown_header
from ingest.survey.state import State
from ingest.survey.tools.limesurvey_heading import (
    BOTH,
    CODES,
    CUT,
    SCRIPT,
    TEXTS,
    columns_of,
    heading_style,
    is_word,
    words,
)
from ingest.tables.cell_text import fold

if TYPE_CHECKING:
    import pyarrow as pa

# What the column of an option holds in an export of codes; the other two when Y and N were converted on demand.
TICK_CODE, CONVERTED = "Y", ("1", "2")
# LimeSurvey puts an apostrophe before an equal sign, so that no spreadsheet program takes an answer for a formula.
MASK = "'="
# The date that a survey without date stamps stores for every submitted response.
NO_DATE = "1980-01-01"
STYLES_JA = {
    CODES: "コード", SCRIPT: "ExpressionScriptのコード", TEXTS: "全文", BOTH: "コードと全文", CUT: "省略された文",
}  # fmt: skip
TOOLS = {
    TEXTS: "LimeSurvey with full-text headings", CUT: "LimeSurvey with full-text headings",
    BOTH: "LimeSurvey with codes and texts",
}  # fmt: skip
# More distinct texts than this are no ticks.
FEW = 12
CLOCK = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """The export in one of the tables of the file.

    Raises:
        SourceError: no table has LimeSurvey's technical columns.
    """
    table, style = _chosen(path, tables)
    told: list[Problem] = []
    seen = _Seen(_first(table.after(1)))
    columns = [seen.told(each) for each in _with_parts(columns_of(table.head[0], style), seen)]
    if seen.has_no_dates(columns):
        columns = [replace(each, role="finished") if each.role == "submitted_at" else each for each in columns]
        told.append(problem("limesurvey_no_dates", Place(path.name, table.sheet), date=NO_DATE))
    if style == CUT:
        told.append(problem("limesurvey_texts_cut", Place(path.name, table.sheet), headings=_cut_twice(columns)))
    is_full = seen.is_full(columns)
    told.append(_read_as(path, table, style, is_full=is_full))
    return Export(
        tool=TOOLS.get(style, "LimeSurvey"),
        form=f"{style}, {'full answers' if is_full else 'answers as codes'}",
        columns=tuple(columns),
        batches=_unmasked(table.after(1), columns),
        convention=convention(columns, is_full=is_full),
        limits=("empty_is_unanswered", *(("none_ticked_shown", "null_of_unfinished") if is_full else ("none_ticked",))),
        options=dict(table.options),
        sheet=table.sheet,
        problems=TableProblems((table,), told),
    )


def _read_as(path: Path, table: Cells, style: str, *, is_full: bool) -> Problem:
    """In which of its many forms the export was read."""
    answers, answers_ja = ("full texts", "全文") if is_full else ("codes", "コード")
    return problem(
        "limesurvey_read_as", Place(path.name, table.sheet), headings=style, headings_ja=STYLES_JA[style],
        answers=answers, answers_ja=answers_ja, separator=table.options.get("delimiter"),
    )  # fmt: skip


def convention(columns: Sequence[SourceColumn], *, is_full: bool) -> Convention:
    """How LimeSurvey writes states: an option shown and not ticked is empty among codes, ``No`` among full answers."""
    unanswered = dict.fromkeys(words("not_shown"), State.NOT_ANSWERED)
    return Convention(
        ticked=(TICK_CODE, *words("ticked"), CONVERTED[0]),
        unticked=("N", *words("unticked"), CONVERTED[1]),
        not_shown=words("not_shown"),
        is_unticked_written=is_full,
        # A yes-no question that was not answered is written with the word that stands for NULL in ticks.
        empty=unanswered if is_full else {},
        finished_by="finished" if any(each.role == "finished" for each in columns) else "submitted_at",
        clock=CLOCK,
        days=CLOCK,
    )


def _chosen(path: Path, tables: Sequence[Cells]) -> tuple[Cells, str]:
    for table in tables:
        if table.head and (style := heading_style(table.head[0])):
            return table, style
    header = shown_header(tables[0].head[0]) if tables and tables[0].head else "''"
    raise SourceError([problem("limesurvey_not_found", Place(path.name), header=header)])


def _first(batches: Batches) -> pa.RecordBatch | None:
    """The first batch, with the file closed again."""
    found = batches(frozenset())
    first = next(found, None)
    if isinstance(found, Generator):
        found.close()
    return first


@dataclass(frozen=True)
class _Seen:
    """What the first batch of cells tells of a column."""

    batch: pa.RecordBatch | None

    def distinct(self, column: SourceColumn) -> frozenset[str] | None:
        """The texts of a column; None where they are too many to be ticks, or none were seen."""
        import pyarrow.compute as pc

        if self.batch is None:
            return frozenset()
        texts = pc.unique(self.batch.column(column.place + 1))
        return frozenset(texts.to_pylist()) if len(texts) <= FEW else None

    def is_ticks(self, columns: Sequence[SourceColumn]) -> bool:
        """Whether the columns of one question are options to tick, not rows of a matrix."""
        cells = [self.distinct(each) for each in columns]
        texts = frozenset().union(*(each or () for each in cells))
        if None in cells or not texts - {""}:
            return False
        # Full answers leave no cell of an option empty; in a matrix of yes and no an unanswered row is.
        return texts <= {"", TICK_CODE} or all(_is_full_tick(text) for text in texts)

    def is_ranking(self, columns: Sequence[SourceColumn]) -> bool:
        """Whether the columns are the places 1, 2, ... of a ranking: no option stands on two of them."""
        import pyarrow.compute as pc

        numbers = sorted(int(each.sub_name) for each in columns if each.sub_name.isdigit())
        if self.batch is None or len(columns) < 2 or numbers != [*range(1, len(columns) + 1)]:
            return False
        cells = [self.batch.column(each.place + 1) for each in columns]
        is_filled = False
        for left, right in combinations(cells, 2):
            both = pc.and_(pc.not_equal(left, ""), pc.equal(left, right))
            if pc.any(both).as_py():
                return False
            is_filled |= bool(pc.any(pc.and_(pc.not_equal(left, ""), pc.not_equal(right, ""))).as_py())
        return is_filled

    def told(self, column: SourceColumn) -> SourceColumn:
        """A text of "other" that holds ticks only is an option with that label."""
        texts = self.distinct(column) if column.part == "other" and column.sub_text else None
        is_tick = bool(texts) and all(_is_full_tick(text) for text in texts or ())
        return replace(column, part="tick") if is_tick else column

    def has_no_dates(self, columns: Sequence[SourceColumn]) -> bool:
        """Whether the date of submission is the same stand-in for everybody."""
        submitted = [each for each in columns if each.role == "submitted_at"]
        dates = frozenset(text[: len(NO_DATE)] for each in submitted for text in self.distinct(each) or ())
        return dates - {""} == {NO_DATE}

    def is_full(self, columns: Sequence[SourceColumn]) -> bool:
        """Whether the answers are full texts: no option among them is marked with a code."""
        ticks = [self.distinct(each) or frozenset() for each in columns if each.part == "tick"]
        return bool(ticks) and all(_is_full_tick(text) for texts in ticks for text in texts)


def _is_full_tick(text: str) -> bool:
    return any(is_word(meaning, text) for meaning in ("ticked", "unticked", "not_shown"))


def _with_parts(columns: Sequence[SourceColumn], seen: _Seen) -> list[SourceColumn]:
    """The columns of one question are all ticks, all places of a ranking, or all rows of a matrix."""
    groups: dict[tuple[str, str], list[SourceColumn]] = defaultdict(list)
    for each in columns:
        if each.role == "answer" and each.part == "value" and (each.sub_name or each.sub_text):
            groups[each.name, "" if each.name else fold(each.text)].append(each)
    parts: dict[int, SourceColumn] = {}
    for group in groups.values():
        if seen.is_ticks(group):
            parts |= {each.place: replace(each, part="tick") for each in group}
        elif seen.is_ranking(group):
            parts |= {each.place: replace(each, part="position", sub_text="") for each in group}
    return [parts.get(each.place, each) for each in columns]


def _cut_twice(columns: Sequence[SourceColumn]) -> list[str]:
    """Headings that cutting made the same."""
    counts: dict[str, int] = defaultdict(int)
    for each in columns:
        counts[each.header] += each.role == "answer"
    return [header for header, count in counts.items() if count > 1]


def _unmasked(batches: Batches, columns: Sequence[SourceColumn]) -> Batches:
    """The same batches with the apostrophe before an equal sign taken off the answers."""
    answers = {each.place + 1 for each in columns if each.role == "answer" and each.part != "tick"}
    return lambda encoded: (_without_mask(batch, answers) for batch in batches(encoded))


def _without_mask(batch: pa.RecordBatch, places: set[int]) -> pa.RecordBatch:
    changed: Mapping[int, pa.Array] = {
        place: array for place in places if (array := _plain_array(batch.column(place))) is not None
    }
    if not changed:
        return batch
    import pyarrow as pa

    arrays = [changed.get(place, array) for place, array in enumerate(batch.columns)]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)


def _plain_array(array: pa.Array) -> pa.Array | None:
    """The array without masks; None where it has none, which one pass over its bytes tells."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = array.dictionary if pa.types.is_dictionary(array.type) else array
    if not pc.any(pc.starts_with(texts, MASK)).as_py():
        return None
    plain = pc.replace_substring_regex(texts, f"^{MASK}", "=")
    return pa.DictionaryArray.from_arrays(array.indices, plain) if texts is not array else plain
