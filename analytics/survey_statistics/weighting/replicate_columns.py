"""Replicates that were made of a design, written out as columns, so that each can be weighted on its own.

Belongs here: the way from factors of units to columns of responses. Does not belong here: making replicates
(``variance.make_replicates``).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.design import SurveyError
from analytics.survey_statistics.sample.frame import IntArray
from analytics.survey_statistics.sample.structure import structure

if TYPE_CHECKING:
    from analytics.survey_statistics.survey import Survey

MOST = 50_000_000


def with_replicate_columns(survey: Survey) -> Survey:
    """The survey with a column for each replicate that its design declares and has no column for; others unchanged.

    Raises ``SurveyError`` where that would be more than 50 million numbers.
    """
    declared = survey.design.replicates
    if declared is None or declared.columns:
        return survey
    from analytics.survey_statistics.variance.make_replicates import made

    shape = structure(survey)
    found = made(shape.frame, survey.design)
    first = _first_units(survey)
    factors = found.applied(np.eye(int(first.max()) + 1))[:, first]
    n_rows = survey.responses.count
    if n_rows * len(factors) > MOST:
        raise SurveyError(
            f"{len(factors)} replicate weights of {n_rows} responses are too many to be weighted one by one; make "
            "fewer replicates, or weight first and use linearised standard errors."
        )
    keys = list(shape.keys)
    sizes = [len(each.values) for each in shape.numberings]
    places = np.unravel_index(shape.codes, sizes) if sizes else ()
    values = [np.array(each.values, dtype=object)[place] for each, place in zip(shape.numberings, places, strict=True)]
    kinds = [survey.responses.columns[key[1:-1].replace('""', '"')] for key in keys]
    names = [f"replicate_{r + 1}" for r in range(len(factors))]
    text = repr((survey.responses.relation, survey.design))
    name = f"survey_replicate_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    parts = [f"unnest($k{i}::{kind}[]) as k{i}" for i, kind in enumerate(kinds)]
    parts += [f"unnest(${column}::double[]) as {column}" for column in names]
    given = {f"k{i}": value.tolist() for i, value in enumerate(values)}
    given |= {column: row[shape.order].tolist() for column, row in zip(names, factors, strict=True)}
    survey.responses.define(f"{name}_unit", f"select {', '.join(parts)}", is_table=True, given=given)
    joined = " and ".join(f"r.{key} = u.k{i}" for i, key in enumerate(keys)) or "true"
    columns = ", ".join(f"u.{column}" for column in names)
    query = f"select r.*, {columns} from {survey.responses.relation} r join {name}_unit u on {joined}"
    survey.responses.define(name, query, is_table=True)
    responses = replace(
        survey.responses, relation=name, columns={**survey.responses.columns, **dict.fromkeys(names, "DOUBLE")}
    )
    written = replace(
        declared, columns=tuple(names), combined=False, scale=found.scale, rscales=tuple(found.rscales.tolist())
    )
    return replace(survey, responses=responses, design=replace(survey.design, replicates=written), kept={})


def _first_units(survey: Survey) -> IntArray:
    """Unit of the first stage of each group of the last stage."""
    frame = structure(survey).frame
    place = np.arange(structure(survey).groups)
    stages = [stage.parent for stage in frame.units[1:]]
    if frame.responses is not None:
        stages.append(frame.responses.parent)
    for parent in reversed(stages):
        place = parent[place]
    return place
