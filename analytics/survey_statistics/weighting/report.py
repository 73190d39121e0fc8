"""What a weighting did: margins wanted and met, and what it cost in precision.

Belongs here: the report and Kish's measures. Does not belong here: how weights are found.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Margin:
    """A known total and what the new weights add up to, as summed by the engine afterwards."""

    label: str
    wanted: float
    met: float

    @property
    def gap(self) -> float:
        """Gap relative to the total wanted; absolute where that is 0."""
        return abs(self.met - self.wanted) / (abs(self.wanted) or 1.0)


@dataclass(frozen=True)
class CalibrationReport:
    """Report of one weighting. ``n``: responses with a new weight other than 0. ``lowest_factor``, ``highest_factor``:
    new weight over old one. ``weight_sum`` and ``weight_squares``: of the new weights and their squares.
    """

    method: str
    weight: str
    margins: tuple[Margin, ...]
    iterations: int
    tolerance: float
    n: int
    weight_sum: float
    weight_squares: float
    lowest_weight: float
    highest_weight: float
    lowest_factor: float
    highest_factor: float
    notes: tuple[str, ...] = field(default=())

    @property
    def largest_gap(self) -> float:
        """Largest relative gap between a margin wanted and met."""
        return max((margin.gap for margin in self.margins), default=0.0)

    @property
    def effective_n(self) -> float | None:
        """Kish's effective sample size, (sum of weights)^2 / sum of squares; None without weights."""
        return self.weight_sum**2 / self.weight_squares if self.weight_squares > 0 else None

    @property
    def design_effect(self) -> float | None:
        """Kish's design effect of unequal weights, n over the effective n (Kish 1965, Survey Sampling, 11.7)."""
        return self.n / self.effective_n if self.effective_n else None

    def __str__(self) -> str:
        gaps = [f"  {m.label}: wanted {m.wanted:.12g}, met {m.met:.12g}" for m in self.margins]
        return "\n".join(
            (
                f"{self.method}: weight {self.weight}, {self.iterations} iterations, largest relative gap "
                f"{self.largest_gap:.2g} (tolerance {self.tolerance:.2g})",
                *gaps,
                f"  factors {self.lowest_factor:.6g} to {self.highest_factor:.6g}, weights {self.lowest_weight:.6g} "
                f"to {self.highest_weight:.6g}, n {self.n}, effective n {self.effective_n or 0:.6g}, "
                f"design effect {self.design_effect or 0:.6g}",
                *(f"  note: {note}" for note in self.notes),
            )
        )
