"""Noncentralities of chi-square: how strong an effect must be for a statistic to be as rare as a limit wants it.

Belongs here: the inversion. Does not belong here: what is made of it (Cramer's V, Kendall's W).
"""

from __future__ import annotations

STEPS = 100


def noncentrality(statistic: float, df: float, probability: float) -> float:
    """The noncentrality with which chi-square stays below ``statistic`` with this probability; 0 if there is none.

    Steiger and Fouladi (1997), in Harlow et al., What If There Were No Significance Tests, chapter 9.
    """
    from scipy.special import chndtr

    if chndtr(statistic, df, 0.0) <= probability:
        return 0.0
    low, high = 0.0, max(2 * statistic, 10.0)
    while chndtr(statistic, df, high) > probability:
        high *= 2
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if chndtr(statistic, df, middle) > probability else (low, middle)
    return (low + high) / 2
