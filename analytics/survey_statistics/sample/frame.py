"""The structure of a sample as found in its rows: strata, units, and how many of how many were sampled.

Belongs here: plain arrays without names of columns. Does not belong here: how they are read (``cells``), what follows
from them (``variance``).

How it is filled. Stage by stage as declared: the first samples units (schools, villages) or, without clusters, the
responses themselves; each further stage samples inside every unit of the one above. Strata are counted over the whole
sample: of stage 2 each (unit of stage 1, declared stratum) is one, so that units of a stage that are numbered anew in
every stratum or parent are still different. Everything is counted over *all* rows of the file, whatever the weight,
the answer or the domain: ``sampled`` is a fact of the design (R ``survey:::as.fpc``, ``sampsize``).

Which stages are needed. What lies below a unit adds to a variance the share n/N of its stage (Särndal, Swensson and
Wretman 1992, result 4.3.1): where no stratum of a stage has a finite population, all stages below may be left out.
Totals are kept for the units of the last stage that is filled, in the order of its arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class InclusionProbabilities:
    """Unequal probabilities of a stage. ``probability`` (U,): of each unit. ``method`` and ``variance`` as in
    ``design.Inclusion``. ``mean_square`` (S,): of each stratum, for Hartley and Rao. ``joint`` (U, U): that two units
    are drawn together, on the diagonal those of the units; 0 where two units are drawn independently of each other.
    """

    probability: FloatArray
    method: str
    variance: str
    mean_square: FloatArray | None = None
    joint: FloatArray | None = None


@dataclass(frozen=True)
class UnitStage:
    """A stage that samples clusters.

    ``parent`` (U,): the unit of the stage above that each unit lies in, 0 at the first stage. ``stratum`` (U,): its
    stratum, counted over all parents. ``sampled`` (S,): units sampled in each stratum. ``population`` (S,): units there
    are, infinite without a finite population correction. ``is_weighted`` (U,): whether a response of the unit has a
    positive weight, which makes it count for degrees of freedom; None if that holds for every unit. ``inclusion``:
    where units were drawn with unequal probabilities; the population is then infinite, or the sample where all are 1.
    """

    parent: IntArray
    stratum: IntArray
    sampled: FloatArray
    population: FloatArray
    is_weighted: BoolArray | None = None
    inclusion: InclusionProbabilities | None = None


@dataclass(frozen=True)
class ResponseStage:
    """A last stage that samples the responses themselves; they have no index, only their strata.

    ``parent`` (S,): the unit of the stage above that each stratum lies in, 0 if there is none. ``sampled`` and
    ``population`` (S,) as in ``UnitStage``. ``weighted`` (S,): how many of the sampled have a positive weight; None if
    all.
    """

    parent: IntArray
    sampled: FloatArray
    population: FloatArray
    weighted: FloatArray | None = None


@dataclass(frozen=True)
class SampleFrame:
    """All stages of a sample. ``responses`` is None when the last declared stage samples clusters."""

    units: tuple[UnitStage, ...]
    responses: ResponseStage | None
