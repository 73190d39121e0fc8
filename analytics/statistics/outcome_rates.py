"""Outcome rates of a survey after AAPOR: response, cooperation, refusal and contact rates.

Belongs here: the formulas of counts. Does not belong here: whether a survey has the counts (``topics``).

The American Association for Public Opinion Research (2016), Standard Definitions: Final Dispositions of Case Codes and
Outcome Rates for Surveys, 9th edition, section "Calculating Outcome Rates".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

RATES = {
    "RR1": "I / (I + P + R + NC + O + U)",
    "RR2": "(I + P) / (I + P + R + NC + O + U)",
    "RR3": "I / (I + P + R + NC + O + e U)",
    "RR4": "(I + P) / (I + P + R + NC + O + e U)",
    "RR5": "I / (I + P + R + NC + O)",
    "RR6": "(I + P) / (I + P + R + NC + O)",
    "COOP1": "I / (I + P + R + O)",
    "COOP2": "(I + P) / (I + P + R + O)",
    "COOP3": "I / (I + P + R)",
    "COOP4": "(I + P) / (I + P + R)",
    "REF1": "R / (I + P + R + NC + O + U)",
    "REF2": "R / (I + P + R + NC + O + e U)",
    "REF3": "R / (I + P + R + NC + O)",
    "CON1": "(I + P + R + O) / (I + P + R + NC + O + U)",
    "CON2": "(I + P + R + O) / (I + P + R + NC + O + e U)",
    "CON3": "(I + P + R + O) / (I + P + R + NC + O)",
}
# Each is no larger than the next: the fewer of the unknown are counted as eligible, the higher the rate.
ORDERS = (("RR1", "RR3", "RR5"), ("RR2", "RR4", "RR6"), ("REF1", "REF2", "REF3"), ("CON1", "CON2", "CON3"),
          ("RR1", "RR2"), ("RR3", "RR4"), ("RR5", "RR6"), ("COOP1", "COOP3"), ("COOP2", "COOP4"))  # fmt: skip
ROUNDING = 1e-12


@dataclass(frozen=True)
class Dispositions:
    """Final dispositions in counts of units: the letters I, P, R, NC, O and U of the source.

    ``refusal`` holds break-offs too, ``unknown`` all units of unknown eligibility. ``eligible_share`` is e: the share
    (0 to 1) of the unknown that is eligible; None where there is no estimate of it.
    """

    complete: int
    partial: int
    refusal: int
    non_contact: int
    other: int
    unknown: int
    eligible_share: float | None = None


@dataclass(frozen=True)
class Rate:
    """A rate with what stands above and below its line; ``value`` is None where nothing stands below it."""

    numerator: int
    denominator: float

    @property
    def value(self) -> float | None:
        """The rate, 0 to 1."""
        return self.numerator / self.denominator if self.denominator else None


def outcome_rates(counts: Dispositions) -> dict[str, Rate]:
    """Every rate of ``RATES``, without those that need e where there is none.

    Raises:
        ValueError: a negative count, e outside of 0 to 1, or rates out of their order, which no counts can give.
    """
    share = counts.eligible_share
    complete, unknown = counts.complete, counts.unknown
    numbers = (complete, counts.partial, counts.refusal, counts.non_contact, counts.other, unknown)
    if min(numbers) < 0 or not 0 <= (share or 0) <= 1:
        raise ValueError(f"no disposition table: {counts}")
    interviewed = complete + counts.partial
    reached = interviewed + counts.refusal + counts.other
    eligible = reached + counts.non_contact
    everybody, estimated = eligible + unknown, eligible + (share or 0) * unknown
    spoken_to = reached - counts.other
    rates = {
        "RR1": Rate(complete, everybody),
        "RR2": Rate(interviewed, everybody),
        "RR3": Rate(complete, estimated),
        "RR4": Rate(interviewed, estimated),
        "RR5": Rate(complete, eligible),
        "RR6": Rate(interviewed, eligible),
        "COOP1": Rate(complete, reached),
        "COOP2": Rate(interviewed, reached),
        "COOP3": Rate(complete, spoken_to),
        "COOP4": Rate(interviewed, spoken_to),
        "REF1": Rate(counts.refusal, everybody),
        "REF2": Rate(counts.refusal, estimated),
        "REF3": Rate(counts.refusal, eligible),
        "CON1": Rate(reached, everybody),
        "CON2": Rate(reached, estimated),
        "CON3": Rate(reached, eligible),
    }
    found = {name: rates[name] for name in RATES if share is not None or not needs_share(name)}
    check_order(found)
    return found


def needs_share(name: str) -> bool:
    """Whether a rate counts only a share of the units of unknown eligibility."""
    return "e U" in RATES[name]


def check_order(rates: Mapping[str, Rate]) -> None:
    """Hold rates against the order in which they must stand.

    Raises:
        ValueError: one is larger than a rate that can be no smaller.
    """
    for order in ORDERS:
        known = [(name, rates[name].value) for name in order if name in rates]
        for (lower, small), (higher, large) in pairwise(known):
            if small is not None and large is not None and small > large + ROUNDING:
                raise ValueError(f"{lower} = {small} is larger than {higher} = {large}")


def casro_share(eligible: int, not_eligible: int) -> float | None:
    """e by proportional allocation: as many of the unknown are eligible as of the units that are known.

    Council of American Survey Research Organizations (1982), On the Definition of Response Rates; None where no unit
    is known.
    """
    return eligible / (eligible + not_eligible) if eligible + not_eligible else None
