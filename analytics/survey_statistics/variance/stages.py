"""The stages of a sample as the variance sees them: sums up the stages, and what each stage weighs.

Belongs here: grouping and the share that lower stages carry. Does not belong here: covariances (``linear``), what a
lonely unit adds (``lonely``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from analytics.survey_statistics.sample.frame import (
    FloatArray,
    InclusionProbabilities,
    IntArray,
    SampleFrame,
    UnitStage,
)

# R survey:::onestrat takes a stratum for whole below this; a share read from a file is seldom exactly 1.
WHOLE = 1e-7


@dataclass(frozen=True)
class Level:
    """One stage. ``parent`` (S,): the unit above that each stratum lies in. ``uncovered`` (S,): 1 - n/N of the stratum.
    ``carried`` (S,): the product of n/N over all stages above, by which what varies inside this stage counts.
    ``inclusion``: where units have probabilities of their own, whose 1 - p stands in for ``uncovered``, which then only
    tells strata that were taken whole.
    """

    parent: IntArray
    sampled: FloatArray
    uncovered: FloatArray
    carried: FloatArray
    inclusion: InclusionProbabilities | None = None

    @property
    def is_by_stratum(self) -> bool:
        """Whether units are compared with those of their stratum."""
        return self.inclusion is None or self.inclusion.method not in ("poisson", "joint")

    @property
    def scale(self) -> FloatArray:
        """Factor (S,) of the sum of squares: carried (1 - n/N) n/(n - 1); of one unit without n/(n - 1)."""
        if not self.is_by_stratum:
            return self.uncovered * self.carried
        several = np.maximum(self.sampled - 1, 1)
        return np.where(self.sampled > 1, self.uncovered * self.sampled / several, self.uncovered) * self.carried

    @property
    def lonely(self) -> np.ndarray:
        """Strata (S,) with one unit that were not taken whole and count for something."""
        if not self.is_by_stratum:
            return np.zeros(len(self.sampled), dtype=bool)
        return (self.sampled < 2) & (self.uncovered > 0) & (self.carried > 0)


def levels(frame: SampleFrame) -> tuple[Level, ...]:
    """The stages from the first to the last; of responses without clusters the last has no units.

    Särndal, Swensson and Wretman (1992), result 4.3.1; R ``survey:::multistage``.
    """
    found: list[Level] = []
    share = np.ones(1)
    for stage in frame.units:
        parent = np.zeros(len(stage.sampled), dtype=np.int64)
        parent[stage.stratum] = stage.parent
        level, inside = _level(parent, stage.sampled, stage.population, share)
        if stage.inclusion is None:
            share = inside[stage.stratum]
        else:
            level = replace(level, inclusion=stage.inclusion)
            share = level.carried[stage.stratum] * stage.inclusion.probability
        found.append(level)
    if frame.responses is not None:
        last = frame.responses
        found.append(_level(last.parent, last.sampled, last.population, share)[0])
    return tuple(found)


def _level(
    parent: IntArray, sampled: FloatArray, population: FloatArray, share: FloatArray
) -> tuple[Level, FloatArray]:
    """The level, and the share (S,) that its units carry to the stage below."""
    covered = np.where(np.isinf(population), 0.0, sampled / population)
    uncovered = np.where(1 - covered < WHOLE, 0.0, 1 - covered)
    carried = share[parent]
    return Level(parent, sampled, uncovered, carried), carried * covered


def sum_by(group: IntArray, n_groups: int, values: FloatArray) -> FloatArray:
    """Sums (n_groups, M) of the rows of ``values`` (U, M); a group without rows is 0."""
    sums = np.zeros((n_groups, values.shape[1]), dtype=values.dtype)
    if not len(group):
        return sums
    if (group[1:] < group[:-1]).any():
        order = np.argsort(group, kind="stable")
        group, values = group[order], values[order]
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    sums[group[starts]] = np.add.reduceat(values, starts, axis=0)
    return sums


def to_first_stage(frame: SampleFrame, values: FloatArray) -> FloatArray:
    """Sums (U, M) for the units of the first stage of values for those of the last, or for the strata of responses."""
    if frame.responses is not None and frame.units:
        values = sum_by(frame.responses.parent, len(frame.units[-1].stratum), values)
    for above, stage in zip(reversed(frame.units[:-1]), reversed(frame.units[1:]), strict=True):
        values = sum_by(stage.parent, len(above.stratum), values)
    return values


def is_weighted(stage: UnitStage) -> np.ndarray:
    """Units (U,) that hold a response with a positive weight."""
    return np.ones(len(stage.stratum), dtype=bool) if stage.is_weighted is None else stage.is_weighted
