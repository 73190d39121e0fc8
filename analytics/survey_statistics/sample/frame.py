"""The structure of a sample as found in its rows: strata, units, and how many of how many were sampled.

Belongs here: plain arrays without names of columns. Does not belong here: how they are read (``totals``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class UnitStage:
    """A stage that samples clusters.

    ``parent`` (U,): the unit of the stage above that each unit lies in, 0 at the first stage. ``stratum`` (U,): its
    stratum, counted over all parents. ``sampled`` (S,): units sampled in each stratum. ``population`` (S,): units there
    are, infinite without a finite population correction.
    """

    parent: IntArray
    stratum: IntArray
    sampled: FloatArray
    population: FloatArray


@dataclass(frozen=True)
class ResponseStage:
    """A last stage that samples the responses themselves; they have no index, only their strata.

    ``parent`` (S,): the unit of the stage above that each stratum lies in, 0 if there is none. ``sampled`` and
    ``population`` (S,) as in ``UnitStage``.
    """

    parent: IntArray
    sampled: FloatArray
    population: FloatArray


@dataclass(frozen=True)
class SampleFrame:
    """All stages of a sample. ``responses`` is None when the last declared stage samples clusters."""

    units: tuple[UnitStage, ...]
    responses: ResponseStage | None
