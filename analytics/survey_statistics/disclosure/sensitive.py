"""Which numbers break a rule, and how unsure an intruder must stay about them.

Belongs here: the primary rules for single numbers. Does not belong here: what else must be hidden to protect them.
"""

from __future__ import annotations

from dataclasses import dataclass

from analytics.survey_statistics.disclosure.rules import Rules


@dataclass(frozen=True)
class Need:
    """A number that must be hidden: the rule it breaks, and the interval of which an intruder must believe both ends.

    The number is safe where what is published allows a value of ``lower`` or less and one of ``upper`` or more.
    """

    reason: str
    lower: float
    upper: float


def count_need(n: int, base: int | None, rules: Rules) -> Need | None:
    """What a count needs; ``base`` is the count of all who answered, None where "all the same" tells nothing.

    A count below the threshold: it must seem possible that it is one less, and that it reaches the threshold. A whole
    small base with one answer: it must seem possible that as many as the threshold answered otherwise. A zero tells of
    nobody by itself and is shown; where it is the other side of a small base that all answered alike, it is hidden with
    that answer.
    """
    if 0 < n < rules.threshold:
        return Need(f"fewer than {rules.threshold}", n - 1, rules.threshold)
    if base is not None and 0 < n == base < rules.group_base:
        return Need(f"all of {base}, which is fewer than {rules.group_base}", max(0, n - rules.threshold), n)
    return None


def amount_need(n: int, value: float, contributions: tuple[float, ...] | None, rules: Rules) -> Need | None:
    """What an amount needs: the threshold for its contributors, dominance by (1, k) and (2, k), and p percent.

    The interval is that of the p-percent rule where it is broken: p / 100 * x1 - (X - x1 - x2) to either side
    (Handbook on Statistical Disclosure Control 4.2.2, equals the upper protection level of sdcTable), otherwise and at
    least the stated percentage of the value.
    """
    reason = None
    if 0 < n < rules.threshold:
        reason = f"fewer than {rules.threshold}"
    total = abs(value)
    room = rules.protection / 100 * total
    largest = sorted((abs(part) for part in contributions or ()), reverse=True)[:2]
    if largest and total > 0:
        first, second = largest[0], largest[1] if len(largest) > 1 else 0.0
        short = rules.p_percent / 100 * first - (total - first - second)
        room = max(room, short)
        if first > rules.dominance_1 / 100 * total:
            reason = reason or f"one contributes more than {rules.dominance_1:g} %"
        elif first + second > rules.dominance_2 / 100 * total:
            reason = reason or f"two contribute more than {rules.dominance_2:g} %"
        elif short > 0:
            reason = reason or f"the second largest knows the largest to {rules.p_percent:g} %"
    return Need(reason, value - room, value + room) if reason else None
