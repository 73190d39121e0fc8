"""A statistical file as an export: its columns, its cells and the codebook of its labels.

Belongs here: what SPSS and Stata files have in common once their variables are known. Does not belong here: either
format (``spss``, ``stata``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.survey.codebook import MULTIPLE, TEXT
from ingest.survey.export import Convention, Export, SourceColumn
from ingest.survey.tools.header_role import role_of
from ingest.survey.tools.labelled_codebook import own_codebook, scale_steps
from ingest.survey.tools.multiple_response import ResponseSet, guessed_sets, joined
from ingest.survey.tools.statistical_file import NUMBER, StatisticalFile, Variable
from ingest.tables.grid import column_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

ROWS_TRIED = 2_000
SEPARATOR = ";"


def labelled_export(
    tool: str, file: StatisticalFile, variables: Sequence[Variable], declared: Sequence[ResponseSet], title: str,
    exported_at: str, options: Mapping[str, str], told: Sequence[Problem],
) -> Export:  # fmt: skip
    """The export behind the variables. Where no sets are declared, those that show are taken, and said."""
    names = [each.name for each in variables]
    nothing: list[list[str]] = [[] for _ in names]
    part = next(file.parts(rows=ROWS_TRIED), nothing)
    first = dict(zip(names, part, strict=True))
    variables = [_judged(each, first[each.name]) for each in variables]
    problems = [*told, *_unnamed(file, variables)]
    sets = list(declared)
    if not sets and (sets := guessed_sets(variables, first)):
        listed = [f"{each.code} ({', '.join(each.names)})" for each in sets]
        problems.append(problem("response_sets_guessed", Place(file.path.name), n=len(sets), sets=listed))
    answers = [each for each in variables if role_of(each.name) == "answer"]
    own = own_codebook(tool.lower(), answers, sets, title)
    ticks = [name for each in sets if each.is_dichotomy for name in each.names]
    has_unticked = bool(ticks) and all(
        any(set(first[name]) - {"", each.counted} for name in each.names) for each in sets if each.is_dichotomy
    )
    has_multiple = any(each.kind == MULTIPLE for each in own.questions)
    limits = ["empty_is_unanswered", *(["none_ticked"] if has_multiple else [])]
    limits += ["missing_code_unnamed"] if any(each.code == "missing_code_unnamed" for each in problems) else []
    return Export(
        tool=tool, form="codes", columns=_columns(variables, sets), batches=_batches(file, names, sets),
        convention=Convention(
            ticked=("1",), unticked=("0",), is_unticked_written=has_unticked, separators=(SEPARATOR,)
        ),
        limits=tuple(limits), options=options, exported_at=exported_at, own=own, problems=tuple(problems),
    )  # fmt: skip


def _judged(variable: Variable, texts: Sequence[str]) -> Variable:
    """Whether labels are the list of codes: not where they name one value of many, or some of something measured."""
    labelled = [code for code in variable.values if code not in variable.missing]
    if variable.shape not in {NUMBER, TEXT} or not labelled:
        return variable
    named = set(scale_steps({code: variable.values[code] for code in labelled})) | set(variable.missing) | {""}
    is_scale = not set(texts) <= named and (variable.is_scale or len(labelled) == 1)
    return replace(variable, is_scale=is_scale)


def _unnamed(file: StatisticalFile, variables: Sequence[Variable]) -> list[Problem]:
    listed = [
        f"{each.name}: {', '.join(codes)}"
        for each in variables
        if (codes := [code for code, state in each.missing.items() if state is None])
    ]
    return [problem("missing_code_unnamed", Place(file.path.name), n=len(listed), codes=listed)] if listed else []


def _columns(variables: Sequence[Variable], sets: Sequence[ResponseSet]) -> tuple[SourceColumn, ...]:
    """The variables in their order, then a list for each set of categories."""
    of_set = {name: (each, place) for each in sets for place, name in enumerate(each.names)}
    columns = []
    for place, variable in enumerate(variables):
        plain = SourceColumn(place, variable.name, column_letters(place + 1), name=variable.name, text=variable.label)
        found, member = of_set.get(variable.name, (None, 0))
        if found is None:
            columns.append(replace(plain, role=role_of(variable.name)))
        elif found.is_dichotomy:
            columns.append(
                replace(
                    plain, part="tick", name=found.code, text=found.label, sub_name=found.codes[member],
                    sub_text=found.labels[member],
                )
            )  # fmt: skip
        else:
            columns.append(replace(plain, role="other_meta"))
    for each in (each for each in sets if not each.is_dichotomy):
        place = len(columns)
        columns.append(SourceColumn(place, each.code, column_letters(place + 1), name=each.code, text=each.label))
    return tuple(columns)


def _batches(
    file: StatisticalFile, names: Sequence[str], sets: Sequence[ResponseSet]
) -> Callable[[frozenset[int]], Iterator[pa.RecordBatch]]:
    """Cells as the file has them, but where a set counts another code than 1 as ticked: 1 there, 0 for other codes."""
    places = {name: place for place, name in enumerate(names)}
    counted = {
        places[name]: each.counted for each in sets if each.is_dichotomy and each.counted != "1" for name in each.names
    }
    categories = [[places[name] for name in each.names] for each in sets if not each.is_dichotomy]

    def recoded(part: list[list[str]]) -> list[list[str]]:
        lists = [list(joined([part[place] for place in group])) for group in categories]
        for place, code in counted.items():
            part[place] = [text and str(int(text == code)) for text in part[place]]
        return [*part, *lists]

    return lambda encoded: file.batches(recoded, encoded)
