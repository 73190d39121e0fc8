"""Golden comparisons with R: opens the samples, asks the survey what a case asks, and says where it differs.

Belongs here: reading the CSV files of ``tests/golden/survey_statistics``. Does not belong here: any expected value.
The format is told in ``harness.R`` there. A design may have ``steps``, methods of ``Survey`` called one after another
on the opened survey: ``[["post_stratify", {"strata": "kind", "population": {...}}]]``.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from analytics.survey_statistics.sample.design import Design, Inclusion, Replicates, Stage
from analytics.survey_statistics.sample.responses import Responses, open_table
from analytics.survey_statistics.survey import Survey

FOLDER = Path(__file__).parents[1] / "golden" / "survey_statistics"
TOLERANCE = {"estimate": 1e-8, "p": 1e-6}
HEADER = ("case", "design", "call", "arguments", "statistic", "question", "category", "domain", "field", "expected",
          "kind")  # fmt: skip


class Case(NamedTuple):
    """One number of R, as text, and where ours is found."""

    case: str
    design: str
    call: str
    arguments: str
    statistic: str
    question: str
    category: str
    domain: str
    field: str
    expected: str
    kind: str


@cache
def case_files() -> dict[str, tuple[Case, ...]]:
    """The cases of each area, by the name of its file."""
    found: dict[str, tuple[Case, ...]] = {}
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.reader(lines)
            if tuple(next(reader)) == HEADER:
                found[path.stem] = tuple(Case(*row) for row in reader)
    return found


@cache
def designs() -> dict[str, Any]:
    """What the designs are, by name."""
    found: dict[str, Any] = {}
    for path in [FOLDER / "designs.json", *sorted(FOLDER.glob("*-designs.json"))]:
        found |= json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def sample(name: str) -> Any:
    """A sample as an Arrow table; empty fields are nulls."""
    from pyarrow import csv as arrow_csv

    options = arrow_csv.ConvertOptions(null_values=[""], strings_can_be_null=True)
    return arrow_csv.read_csv(FOLDER / f"{name}.csv", convert_options=options)


@cache
def responses(name: str) -> Responses:
    """A sample as responses, opened once for all its designs."""
    return open_table(sample(name), name)


@cache
def survey(name: str) -> Survey:
    """The survey of a design of ``designs.json``, opened once."""
    told = designs()[name]
    opened = Survey(responses(told["data"]), design_of(told["design"]))
    for step, arguments in told.get("steps", ()):
        opened = getattr(opened, step)(**arguments)
    return opened


def design_of(told: Mapping[str, Any]) -> Design:
    """A design from the keyword arguments of the file."""
    given = dict(told)
    given["stages"] = tuple(map(stage_of, given["stages"])) if "stages" in given else (Stage(),)
    if "replicates" in given:
        parts = {name: tuple(part) if isinstance(part, list) else part for name, part in given["replicates"].items()}
        given["replicates"] = Replicates(**parts)
    return Design(**given)


def stage_of(told: Mapping[str, Any]) -> Stage:
    """A stage from the keyword arguments of the file."""
    inclusion = told.get("inclusion")
    if inclusion is None:
        return Stage(**told)
    parts = {name: tuple(part) if isinstance(part, list) else part for name, part in inclusion.items()}
    return Stage(**{**told, "inclusion": Inclusion(**parts)})


@cache
def answer(design: str, call: str, arguments: str) -> tuple[Any, ...]:
    """The rows that come back; a call is made once for all the numbers that are compared in it."""
    method, *rest = call.split(".")
    found = getattr(survey(design), method)(**json.loads(arguments or "{}"))
    for name in rest:
        found = getattr(found, name)
        found = found() if callable(found) else found
    return tuple(found) if hasattr(found, "__iter__") else (found,)


def ours(case: Case) -> float | None:
    """Our number of a case. Raises ``LookupError`` if not exactly one row fits."""
    rows = answer(case.design, case.call, case.arguments)
    wanted = ((("statistic", "test"), case.statistic), (("question", "subject"), case.question),
              (("category",), case.category), (("domain",), case.domain))  # fmt: skip
    for names, text in wanted:
        if text:
            rows = tuple(row for row in rows if str(next(getattr(row, n) for n in names if hasattr(row, n))) == text)
    if len(rows) != 1:
        raise LookupError(f"{len(rows)} rows fit")
    found: Any = rows[0]
    for name in case.field.split("."):
        found = found[name] if isinstance(found, Mapping) else getattr(found, name)
    return None if found is None else float(found)


def disagreement(case: Case) -> str | None:
    """None where we agree, else one line with the case, the field, our number and R's."""
    where = f"{case.case} [{case.design}] {case.call}({case.arguments}) {case.question} {case.category} {case.domain}"
    try:
        found = ours(case)
    except Exception as error:
        return f"{where}: {type(error).__name__}: {error}"
    expected = float(case.expected) if case.expected else None
    told = f"{where}: {case.field} {found!r}, R has {expected!r}"
    if found is None or expected is None:
        return None if found is expected else told
    # A standard error that is exactly 0 in theory comes out of R as rounding, up to 1e-17 of the estimate.
    close = math.isclose(found, expected, rel_tol=TOLERANCE[case.kind], abs_tol=1e-14)
    return None if close else told
