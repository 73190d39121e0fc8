"""Joint inclusion probabilities of a sample as its rows show them: that two units are drawn together.

Belongs here: reading and checking them, and the columns of a matrix. Does not belong here: probabilities of single
units (``inclusion``), what follows for variances (``variance.unequal``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analytics.survey_statistics.sample.design import Design, Inclusion, SurveyError
from analytics.survey_statistics.sample.engine import ENGINE, arrays
from analytics.survey_statistics.sample.frame import FloatArray, IntArray, SampleFrame, UnitStage
from analytics.survey_statistics.sample.inclusion import RESPONSE_NUMBER, numbered
from analytics.survey_statistics.sample.responses import Responses, quoted

if TYPE_CHECKING:
    from analytics.survey_statistics.sample.structure import Structure

# A matrix of units by units: 32 MB.
MOST_JOINT = 2_000
# Probabilities in a file are rounded; a matrix is of the sample if its diagonal is this close to its probabilities.
SAME = 1e-6


def with_matrix(responses: Responses, matrix: FloatArray) -> tuple[Responses, tuple[str, ...]]:
    """The responses with the columns of a matrix of joint probabilities (n, n), whose rows are in their order, and the
    names of these. Raises ``SurveyError`` where it is not as large as the sample.
    """
    import pyarrow as pa

    matrix = np.asarray(matrix, dtype=np.float64)
    counted = numbered(responses, MOST_JOINT, "Joint probabilities are read for every pair of responses")
    n = counted.count
    if matrix.shape != (n, n):
        raise SurveyError(
            f"{responses.title}: a matrix of {' x '.join(map(str, matrix.shape))} joint probabilities for {n} "
            f"responses; it must be {n} x {n} in their order. Those of clusters are named as columns."
        )
    columns = tuple(f"joint_probability_{k + 1}" for k in range(n))
    table = pa.table({RESPONSE_NUMBER: np.arange(1, n + 1), **dict(zip(columns, matrix.T, strict=True))})
    name = f"{counted.relation}_joint"
    with ENGINE:
        counted.connection.register(f"{name}_frame", table)
    query = f"select * from {counted.relation} join {name}_frame using ({RESPONSE_NUMBER}) order by {RESPONSE_NUMBER}"
    counted.define(name, query, is_table=True)
    with ENGINE:
        counted.connection.unregister(f"{name}_frame")
    held = {**counted.columns, **dict.fromkeys(columns, "DOUBLE")}
    return replace(counted, relation=name, columns=held), columns


def with_joint(responses: Responses, design: Design, shape: Structure) -> Structure:
    """The structure with the joint probabilities that the design names, read and checked."""
    declared = design.stages[0].inclusion
    if declared is None or not declared.joint or design.inference == "process":
        return shape
    stage = shape.frame.units[0]
    if stage.inclusion is None:
        raise TypeError("a stage of joint probabilities has those of its units")
    joint = _joint(responses, declared, shape, stage)
    inclusion = replace(stage.inclusion, joint=joint)
    return replace(shape, frame=SampleFrame((replace(stage, inclusion=inclusion),), None))


def _joint(responses: Responses, declared: Inclusion, shape: Structure, stage: UnitStage) -> FloatArray:
    units, named = len(stage.stratum), len(declared.joint)
    title = responses.title
    most = int(np.bincount(stage.stratum).max(initial=0))
    if units > MOST_JOINT:
        raise SurveyError(
            f"{title}: joint probabilities of {units} units are a matrix of {units} x {units}; read are those of at "
            f"most {MOST_JOINT}. Take the method overton or hartley_rao, which need the units' own only."
        )
    if named not in (units, most):
        strata = "" if most == units else f", or {most} for the largest stratum"
        raise SurveyError(
            f"{title}: {named} columns of joint probabilities for {units} units. There must be as many columns as "
            f"units ({units}{strata}), the k-th for the k-th unit in the order of the file."
        )
    columns = ", ".join(f"{quoted(column)}::double as j{k}" for k, column in enumerate(declared.joint))
    keys = [f"{key} as k{i}" for i, key in enumerate(shape.keys)]
    found = arrays(
        responses,
        f"select {', '.join([*keys, columns])}, min({quoted(RESPONSE_NUMBER)}) as first_row from {responses.relation} "
        "group by all order by first_row",
    )
    if len(found[-1]) != units:
        raise SurveyError(
            f"{title}: the joint probabilities differ between rows of one unit ({len(found[-1])} different rows for "
            f"{units} units). All rows of a unit must hold the same."
        )
    group = shape.places(found[: len(keys)]) if keys else np.zeros(units, dtype=np.int64)
    given = np.stack([np.ma.filled(column.astype(float), np.nan) for column in found[len(keys) : -1]], axis=1)
    joint = np.zeros((units, units))
    blocks = [group] if named == units else [group[stage.stratum[group] == s] for s in range(len(stage.sampled))]
    rows = np.empty(units, dtype=np.int64)
    rows[group] = np.arange(units)
    for block in blocks:
        joint[np.ix_(block, block)] = given[rows[block], : len(block)]
    _check_joint(title, joint, stage, blocks)
    # Rounded numbers of a file may differ a little beside and below the diagonal; a covariance must not.
    return (joint + joint.T) / 2


def _check_joint(title: str, joint: FloatArray, stage: UnitStage, blocks: Sequence[IntArray]) -> None:
    if stage.inclusion is None:
        raise TypeError("a stage of joint probabilities has those of its units")
    probability = stage.inclusion.probability
    for block in blocks:
        part, own = joint[np.ix_(block, block)], probability[block]
        if np.isnan(part).any():
            wrong = f"{int(np.isnan(part).sum())} of {part.size} are missing"
        elif (part <= 0).any():
            wrong = f"{int((part <= 0).sum())} are zero or negative, although both units were drawn"
        elif (np.abs(part - part.T) > SAME * part).any():
            wrong = "that of unit a with unit b differs from that of b with a"
        elif (np.abs(np.diagonal(part) - own) > SAME * own).any():
            k = int(np.argmax(np.abs(np.diagonal(part) - own)))
            wrong = f"unit {k + 1} has {part[k, k]:g} with itself, but its inclusion probability is {own[k]:g}"
        elif (part > np.minimum.outer(own, own) * (1 + SAME)).any():
            wrong = "some are larger than the probability of one of their units alone"
        else:
            continue
        raise SurveyError(
            f"{title}: the joint probabilities cannot be used: {wrong}. The k-th column must belong to the k-th unit "
            "in the order of the file, the unit's own probability standing where it meets itself."
        )
