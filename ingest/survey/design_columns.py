"""The columns that the design of a sample needs: weights, strata, primary sampling units, replicate weights.

Belongs here: finding them in an export and writing them beside the answers. Does not belong here: whether weights can
be used (``weights``), and any estimate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.survey.binding import Binding
from ingest.survey.codebook import CHOICE
from ingest.survey.decoding import encoded, numbers_of
from ingest.survey.export import PERSONAL_ROLES, SourceColumn
from ingest.survey.schema import DESIGN_PREFIX
from ingest.survey.weights import WeightsJudgement, judge_weights, weights_problem

if TYPE_CHECKING:
    import pyarrow as pa

    from ingest.survey.batch import Decoded
    from ingest.survey.wide_table import WideTable

TEXTS = ("strata", "primary_sampling_unit")


@dataclass
class DesignColumns:
    """Role of the design to its column, or to the code of the question that says it; weights are kept to be judged."""

    file: str
    by_column: Mapping[str, SourceColumn] = field(default_factory=dict)
    by_question: Mapping[str, str] = field(default_factory=dict)
    weights: list[pa.Array] = field(default_factory=list)
    judged: WeightsJudgement | None = None

    @classmethod
    def of(cls, said: Mapping[str, str], columns: Sequence[SourceColumn], binding: Binding, file: str) -> DesignColumns:
        """Find what the card names, by the header of a column before the code of a question.

        Raises:
            SourceError: the export has neither, or what it has is somebody's own.
        """
        headers = {column.header: column for column in reversed(columns)}
        by_column = {role: headers[name] for role, name in said.items() if name in headers}
        rest = {role: name for role, name in said.items() if role not in by_column}
        for role, name in list(rest.items()):
            bound = binding.of(name)
            if bound and bound.values and bound.question.kind != CHOICE:
                by_column[role] = bound.values[0]
                del rest[role]
        lost = {role: name for role, name in rest.items() if not ((bound := binding.of(name)) and bound.columns)}
        if lost:
            known = [column.header for column in columns]
            raise SourceError(
                problem("survey_design_column_missing", Place(file), role=role, name=name, known=known)
                for role, name in lost.items()
            )
        personal = {role: column.header for role, column in by_column.items() if column.role in PERSONAL_ROLES}
        personal |= {
            role: code for role, code in said.items() if (asked := binding.of(code)) and asked.question.is_personal
        }
        if personal:
            raise SourceError(
                problem("survey_design_column_personal", Place(file), role=role, name=name)
                for role, name in personal.items()
            )
        return cls(file, by_column, rest)

    @property
    def places(self) -> frozenset[int]:
        """Places of the columns that are no answers because the design uses them."""
        return frozenset(column.place for column in self.by_column.values())

    def fields(self) -> Iterator[pa.Field]:
        """Fields of the wide file."""
        import pyarrow as pa

        for role in (*self.by_column, *self.by_question):
            kind = pa.dictionary(pa.int32(), pa.string()) if role in TEXTS else pa.float64()
            yield pa.field(f"{DESIGN_PREFIX}{role}", kind)

    def columns(self, batch: pa.RecordBatch, table: WideTable, decoded: Decoded) -> dict[str, pa.Array]:
        """The design columns of a batch; a weight that is no number is null."""
        import pyarrow as pa

        found: dict[str, pa.Array] = {}
        for role, column in self.by_column.items():
            cells = batch[f"c{column.place + 1}"]
            found[f"{DESIGN_PREFIX}{role}"] = (
                _texts(cells) if role in TEXTS else _numbers(cells, table.convention.decimal)
            )
        for role, question in self.by_question.items():
            wide = table.by_question[question][0]
            numbers = decoded.columns[wide.name].to_numpy(zero_copy_only=False)
            codes = [None, *(option.code for option in wide.question.options)]
            texts = pa.array(codes, pa.string()).take(pa.array(numbers.clip(0)))
            found[f"{DESIGN_PREFIX}{role}"] = texts.dictionary_encode()
        if "weights" in self.by_column:
            self.weights.append(found[f"{DESIGN_PREFIX}weights"])
        return found

    def judge(self, is_counted: pa.ChunkedArray) -> None:
        """Judge the weights of the counted responses, now that all were read."""
        import pyarrow as pa

        if "weights" in self.by_column:
            self.judged = judge_weights(pa.chunked_array(self.weights, pa.float64()).filter(is_counted))

    def judgement(self) -> dict[str, int]:
        """What was found of the weights; empty where the survey has none."""
        return asdict(self.judged) if self.judged else {}

    def problems(self) -> list[Problem]:
        """Why weighted tables are stopped."""
        told = self.judged and weights_problem(self.judged, self.by_column["weights"].header, self.file)
        return [told] if told else []


def _texts(cells: pa.Array) -> pa.Array:
    import pyarrow as pa

    return cells if pa.types.is_dictionary(cells.type) else cells.cast(pa.string()).dictionary_encode()


def _numbers(cells: pa.Array, decimal: str) -> pa.Array:
    """The numbers; null for a text that is none, such as one with signs between its thousands."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts, which = encoded(cells)
    plain = pc.utf8_trim_whitespace(pa.array(texts or [""], pa.string()))
    return numbers_of(plain, decimal).take(pa.array(which))
