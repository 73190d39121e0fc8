"""Files of SPSS (.sav, .zsav): codes with their labels, user-missing codes, sets of multiple responses.

Belongs here: what pyreadstat tells of such a file. Does not belong here: what SPSS and Stata files have in common
(``labelled_export``). A value that SPSS itself made missing is an empty cell; a code that the file declares missing
stays that code, and its label says which state it stands for.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.survey.cells import Cells
from ingest.survey.export import Export
from ingest.survey.state import State
from ingest.survey.tools.labelled_export import labelled_export
from ingest.survey.tools.multiple_response import declared_sets
from ingest.survey.tools.statistical_file import (
    CLOCK,
    DAY,
    MOMENT,
    NUMBER,
    TEXT,
    StatisticalFile,
    Text,
    Variable,
    open_statistical,
    state_of_label,
    time_text,
    value_text,
)

TOOL = "SPSS"
MAGIC = (b"$FL2", b"$FL3")
# SPSS counts seconds from the first day of the Gregorian calendar.
ORIGIN = datetime.datetime(1582, 10, 14)
SHAPES = {"DATETIME": MOMENT, "YMDHMS": MOMENT, "TIME": CLOCK}
SHAPES |= dict.fromkeys(("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "QYR", "MOYR", "WKYR"), DAY)
FORMAT = re.compile(r"(?P<name>[A-Z]+)[0-9]*(?:\.(?P<decimals>[0-9]+))?")


def read(path: Path, tables: tuple[Cells, ...]) -> Export:
    """The answers of a .sav or .zsav file.

    Raises:
        SourceError: no file of SPSS, or a damaged one.
    """
    import pyreadstat

    with path.open("rb") as stream:
        if stream.read(4) not in MAGIC:
            raise SourceError([problem("statistical_file_other", Place(path.name), program=TOOL)])
    meta = open_statistical(path, pyreadstat.read_sav)
    variables = [_variable(name, meta) for name in meta.column_names]
    file = StatisticalFile(path, pyreadstat.read_sav, {each.name: _text(each) for each in variables})
    variables = _with_ranges(file, variables, meta.missing_ranges)
    sets, unknown = declared_sets(meta.mr_sets or {}, variables)
    told = [problem("response_set_unknown_names", Place(path.name), names=unknown)] if unknown else []
    made = meta.creation_time.isoformat(sep=" ", timespec="seconds") if meta.creation_time else ""
    options = {"encoding": meta.file_encoding or ""}
    return labelled_export(TOOL, file, variables, sets, meta.file_label or "", made, options, told)


def _variable(name: str, meta: Any) -> Variable:
    found = FORMAT.fullmatch(meta.original_variable_types[name] or "")
    is_text = meta.readstat_variable_types[name] == "string"
    shape = TEXT if is_text else SHAPES.get(found["name"] if found else "", NUMBER)
    labels = meta.variable_value_labels.get(name, {})
    return Variable(
        name, meta.column_names_to_labels[name] or "", shape, {value_text(code): text for code, text in labels.items()},
        is_scale=meta.variable_measure.get(name) == "scale",
        is_whole=found is not None and found["name"] in {"F", "N"} and not int(found["decimals"] or 0),
    )  # fmt: skip


def _text(variable: Variable) -> Text:
    return time_text(ORIGIN, 1, variable.shape) if variable.shape in {MOMENT, CLOCK, DAY} else value_text


def _with_ranges(
    file: StatisticalFile, variables: Sequence[Variable], ranges: Mapping[str, Sequence[Mapping[str, Any]]]
) -> list[Variable]:
    """The codes declared missing; of a range those that have a label or stand in a cell, found in one more reading."""
    wide = [name for name, spans in ranges.items() if any(span["lo"] != span["hi"] for span in spans)]
    seen: dict[str, set[str]] = {name: set() for name in wide}
    for part in file.parts(wide) if wide else ():
        for name, texts in zip(wide, part, strict=True):
            seen[name] |= _inside(set(texts), ranges[name])
    found = []
    for each in variables:
        spans = ranges.get(each.name, ())
        single = [value_text(span["lo"]) for span in spans if span["lo"] == span["hi"]]
        inside = _inside(each.values, spans) | seen.get(each.name, set())
        codes = dict.fromkeys([*single, *sorted(inside, key=_number)])
        found.append(replace(each, missing={code: _state(each, code) for code in codes}))
    return found


def _inside(codes: Iterable[str], spans: Sequence[Mapping[str, Any]]) -> set[str]:
    wide = [span for span in spans if span["lo"] != span["hi"] and not isinstance(span["lo"], str)]
    return {code for code in codes if code and any(span["lo"] <= _number(code) <= span["hi"] for span in wide)}


def _number(code: str) -> float:
    try:
        return float(code)
    except ValueError:
        return float("nan")


def _state(variable: Variable, code: str) -> State | None:
    return state_of_label(variable.values.get(code, ""))
