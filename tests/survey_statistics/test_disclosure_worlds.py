"""An intruder of its own: he knows the crosses that no table prints, and solves for whole respondents.

Unlike the auditor he reads no sums off keys. His unknowns are how many respondents there are of each kind (both domains
and the answer), and every printed number is one equation over them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from analytics.survey_statistics.disclosure.publication import ANSWERED, Cell, Family, Key, Printed, cell_key, printed
from analytics.survey_statistics.disclosure.rules import default_rules
from analytics.survey_statistics.disclosure.suppression import suppress

Kind = tuple[str, str, str]
RULES = default_rules()
NAMES = ("region", "size", "answer")
LEVELS = (("east", "west"), ("large", "small"), ("no", "perhaps", "yes"))
KINDS: list[Kind] = [(a, b, c) for a, b, c in product(*LEVELS)]
PHASES = (Phase.explicit, Phase.generate)

respondent = st.tuples(
    st.sampled_from(("east", "east", "west")),
    st.sampled_from(("large", "large", "large", "small")),
    st.sampled_from(("yes", "yes", "yes", "yes", "no", "no", "perhaps")),
)


def fits(kind: Kind, key: Key) -> bool:
    return all(category in (ANSWERED, kind[NAMES.index(name)]) for name, category in key)


def tables(people: Sequence[Kind]) -> Family:
    """Each question overall and by each domain, the domains too; never all three together."""
    pairs = [[(name, level) for level in levels] for name, levels in zip(NAMES, LEVELS, strict=True)]
    keys = {(), *((each,) for some in pairs for each in some), *(((name, ANSWERED),) for name in NAMES)}
    for i, j in ((0, 2), (1, 2), (0, 1)):
        keys |= {cell_key(both) for both in product(pairs[i], pairs[j])}
        keys |= {cell_key([domain, (NAMES[j], ANSWERED)]) for domain in pairs[i]}
    counted = [Cell("all", key, sum(fits(kind, key) for kind in people)) for key in sorted(keys)]
    return Family(counted, answers=frozenset(NAMES))


def reach(rows: Sequence[Printed]) -> Callable[[Key], tuple[int, int]]:
    """How few and how many responses of a key fit all that is printed."""
    told = [row for row in rows if row.lower is not None]
    matrix = np.array([[float(fits(kind, row.key)) for kind in KINDS] for row in told])
    numbers = np.array([row.lower for row in told])

    def ends(key: Key) -> tuple[int, int]:
        price = np.array([float(fits(kind, key)) for kind in KINDS])
        found = [
            milp(
                sign * price,
                constraints=LinearConstraint(matrix, numbers, numbers),
                bounds=Bounds(0, np.inf),
                integrality=np.ones(len(KINDS)),
            ).fun
            for sign in (1, -1)
        ]
        return round(found[0]), round(-found[1])

    return ends


@settings(max_examples=12, deadline=None, derandomize=True, phases=PHASES)
@given(st.lists(respondent, min_size=14, max_size=60))
def test_nobody_recovers_a_small_count_by_way_of_the_other_domain(people: list[Kind]) -> None:
    family = tables(people)
    pattern = suppress(family, RULES)
    assert not pattern.refusals
    ends = reach(printed(family, pattern))
    for cell in family.cells:
        fewest, most = ends(cell.key)
        assert fewest <= cell.n <= most
        if 0 < cell.n < RULES.threshold:
            assert fewest < cell.n, f"{cell.key} is at least {cell.n}"
            assert most >= RULES.threshold, f"{cell.key} is no more than {most}"
