"""Weights that follow from the populations of the stages: how many each response stands for.

Belongs here: the column of N/n where a design names populations and no weights. Does not belong here: weighting to
known totals (``weighting``).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from analytics.sql_literal import literal
from analytics.survey_statistics.sample.design import Design
from analytics.survey_statistics.sample.engine import COPIED_ROWS
from analytics.survey_statistics.sample.responses import Responses, quoted
from analytics.survey_statistics.sample.structure import read_structure

POPULATION_WEIGHT = "observatory__weight_from_population"
# The place of a response in its file, which a join forgets; the engine leaves it out where nobody asks for it.
FILE_ROW = "survey_file_row"


def takes_population_weights(design: Design) -> bool:
    """Whether weights follow from populations or inclusion probabilities, as in R ``svydesign(fpc = )`` without
    weights.
    """
    return design.weights is None and any(stage.population or stage.inclusion for stage in design.stages)


def named_weights(design: Design) -> str:
    """The weights of a design in words."""
    if not takes_population_weights(design):
        return design.weights or "none"
    given = ("populations of the stages", any(stage.population for stage in design.stages))
    inverse = ("inverse inclusion probabilities", any(stage.inclusion for stage in design.stages))
    return " and ".join(name for name, is_there in (given, inverse) if is_there)


def with_population_weights(responses: Responses, design: Design) -> Responses:
    """The responses with the product over stages of N/n, or of 1/p where units have inclusion probabilities, as a
    column; the same responses if they have it already.

    Raises ``SurveyError`` for populations and probabilities that contradict the sample.
    """
    made_of = f"survey_population_{_short_hash(design.stages)}_"
    if responses.relation.startswith(made_of):
        return responses
    shape = read_structure(responses, design, "1.0")
    if not any(stage.population for stage in design.stages):
        return _with_inverse_probabilities(responses, design, made_of, int(shape.n_rows))
    keys = list(shape.keys)
    groups = [np.array(shape.numberings[i].values, dtype=object) for i in range(len(keys))]
    sizes = [len(values) for values in groups]
    name = made_of + _short_hash(responses.relation)
    kinds = {key: responses.columns[key[1:-1].replace('""', '"')] for key in keys}
    columns = {key: values.tolist() for key, values in zip(keys, _decoded(shape.codes, sizes, groups), strict=True)}
    unnested = [f"{_list(columns[key], kinds[key])} as k{i}" for i, key in enumerate(keys)]
    unnested.append(f"{_list(shape.weights[shape.order].tolist(), 'double')} as weight")
    responses.define(f"{name}_unit", f"select {', '.join(unnested)}", is_table=True)
    joined = " and ".join(f"r.{key} = u.k{i}" for i, key in enumerate(keys)) or "true"
    known = [name for name in (POPULATION_WEIGHT, FILE_ROW) if name in responses.columns]
    rest = f" exclude ({', '.join(map(quoted, known))})" if known else ""
    query = (
        f"select r.*{rest}, u.weight as {quoted(POPULATION_WEIGHT)} "
        f"from (select *, row_number() over () as {quoted(FILE_ROW)} from {responses.relation}) r "
        f"join {name}_unit u on {joined}"
    )
    responses.define(name, query, is_table=shape.n_rows <= COPIED_ROWS)
    added = {POPULATION_WEIGHT: "DOUBLE", FILE_ROW: "BIGINT"}
    return replace(responses, relation=name, columns={**responses.columns, **added})


def _with_inverse_probabilities(responses: Responses, design: Design, made_of: str, n_rows: int) -> Responses:
    """The same where all that is known stands in the rows themselves: nothing needs to be joined."""
    given = [quoted(stage.inclusion.probability) for stage in design.stages if stage.inclusion]
    weight = " * ".join(f"least({column}::double, 1e0)" for column in given)
    name = made_of + _short_hash(responses.relation)
    known = f" exclude ({quoted(POPULATION_WEIGHT)})" if POPULATION_WEIGHT in responses.columns else ""
    query = f"select *{known}, 1e0 / ({weight}) as {quoted(POPULATION_WEIGHT)} from {responses.relation}"
    responses.define(name, query, is_table=n_rows <= COPIED_ROWS)
    return replace(responses, relation=name, columns={**responses.columns, POPULATION_WEIGHT: "DOUBLE"})


def _short_hash(named: object) -> str:
    return hashlib.sha256(repr(named).encode()).hexdigest()[:16]


def _list(values: list[object], kind: str) -> str:
    return f"unnest([{', '.join(map(literal, values))}]::{kind}[])"


def _decoded(codes: np.ndarray, sizes: list[int], groups: list[np.ndarray]) -> list[np.ndarray]:
    """The values of each key for each code, the last key running fastest."""
    found = []
    for size, values in zip(reversed(sizes), reversed(groups), strict=True):
        codes, place = np.divmod(codes, size)
        found.append(values[place])
    return found[::-1]
