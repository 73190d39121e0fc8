"""What is hidden beside the small numbers: textbook tables, and the cheapest pattern found by trying all."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt
import pytest

from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    COUNT,
    MISSING,
    OPTION,
    TICKED,
    Cell,
    Family,
    Key,
    Pattern,
    Printed,
    cell_key,
    printed,
)
from analytics.survey_statistics.disclosure.rules import default_rules
from analytics.survey_statistics.disclosure.suppression import suppress
from analytics.survey_statistics.sample.design import SurveyError
from tests.survey_statistics.disclosure_tables import Counts, amounts, column, cross, inner, row

IntArray = npt.NDArray[np.int64]
RULES = default_rules()


def hidden(pattern: Pattern) -> set[Key]:
    return {key for _, key in (*pattern.primary, *pattern.complementary)}


def all_tables(counts: Counts) -> IntArray:
    """Every 3 x 3 table of whole numbers with the margins of this one (tables, 9), by trying all."""
    table = np.array(counts)
    a, b, c, d = np.indices([min(table[i].sum(), table[:, j].sum()) + 1 for i in (0, 1) for j in (0, 1)]).reshape(4, -1)
    lines, sides = table.sum(axis=1), table.sum(axis=0)
    upper = [a, b, lines[0] - a - b, c, d, lines[1] - c - d]
    found = np.array([*upper, *(sides[j] - upper[j] - upper[3 + j] for j in range(3))]).T
    return found[(found >= 0).all(axis=1)]


def is_safe(truth: IntArray, tables: IntArray, shown: Sequence[int]) -> bool:
    """Whether the tables that agree with what is shown leave every small count open, from one less to the threshold."""
    small = (truth > 0) & (truth < 5)
    fit = tables[(tables[:, shown] == truth[shown]).all(axis=1)][:, small]
    return bool((fit.max(axis=0) >= 5).all() and (fit.min(axis=0) < truth[small]).all())


def cheapest(truth: IntArray, tables: IntArray) -> int:
    """The least that must be hidden inside the table for every small count to be safe, by trying every pattern."""
    others = [k for k in range(9) if not 0 < truth[k] < 5]
    patterns = chain.from_iterable(combinations(others, size) for size in range(len(others) + 1))
    by_price = sorted(patterns, key=lambda more: int(truth[list(more)].sum()))
    safe = (more for more in by_price if is_safe(truth, tables, [k for k in others if k not in more]))
    return int(truth[list(next(safe))].sum())


@pytest.mark.parametrize(
    "counts",
    [
        [[2, 9, 9], [9, 9, 9], [9, 9, 3]],
        [[4, 6, 7], [5, 3, 9], [12, 8, 6]],
        [[1, 5, 6], [6, 7, 8], [9, 5, 7]],
        [[3, 4, 9], [7, 6, 5], [8, 9, 10]],
        [[2, 0, 9], [0, 8, 7], [9, 7, 6]],
    ],
)
def test_no_cheaper_pattern_exists(counts: Counts) -> None:
    pattern = suppress(Family(cross(counts)), RULES)
    truth, tables = np.array(counts).reshape(-1), all_tables(counts)
    assert pattern.method == "optimal"
    assert not pattern.refusals
    assert pattern.loss == cheapest(truth, tables)
    assert is_safe(truth, tables, [k for k in range(9) if inner(k // 3, k % 3) not in hidden(pattern)])


def test_only_one_pattern_works_when_the_rest_is_public() -> None:
    counts = [[3, 20, 30], [15, 25, 35], [18, 28, 38]]
    public = {inner(0, 1), inner(2, 0), inner(1, 1), inner(2, 1)}
    cells = [
        Cell(cell.table, cell.key, cell.n, is_exempt=True, exempt_reason="register") if cell.key in public else cell
        for cell in cross(counts)
    ]
    pattern = suppress(Family(cells), RULES)
    assert hidden(pattern) == {inner(0, 0), inner(0, 2), inner(1, 0), inner(1, 2)}


def test_fischetti_and_salazar_example() -> None:
    """The 3 x 3 table of investments of their papers: 22 is sensitive, and the cells around it protect it."""
    values = [[20.0, 50.0, 10.0], [8.0, 19.0, 22.0], [17.0, 32.0, 12.0]]
    pattern = suppress(Family(amounts(values, 9, {inner(1, 2): (20.0, 1.0)})), RULES)
    assert set(pattern.primary) == {("turnover", inner(1, 2))}
    assert set(pattern.complementary) == {
        ("turnover", inner(1, 0)),
        ("turnover", inner(2, 0)),
        ("turnover", inner(2, 2)),
    }
    assert pattern.loss == 8 + 17 + 12


def test_hierarchies_are_protected_through_all_levels() -> None:
    """Regions in countries: the small region is not given away by its country."""
    counts = {"x1": 3, "x2": 9, "y1": 11, "y2": 12}
    cells = [Cell("regions", (("region", name), ("q", "yes"))[::-1], n) for name, n in counts.items()]
    cells += [
        Cell("regions", (("q", "yes"), ("region", "x")), 12),
        Cell("regions", (("q", "yes"), ("region", "y")), 23),
    ]
    cells += [Cell("regions", (("q", "yes"),), 35)]
    parents = {("region", name): name[0] for name in counts}
    pattern = suppress(Family(cells, parents), RULES)
    assert hidden(pattern) == {(("q", "yes"), ("region", "x1")), (("q", "yes"), ("region", "x2"))}


def test_linked_tables_are_protected_together() -> None:
    """Two tables share a small margin: hiding it in one alone would leave it in the other."""
    one = cross([[2, 1, 9], [9, 8, 12]], "by column")
    sides = {"a": (6, 4, 10), "b": (5, 5, 11)}
    other = [
        Cell("by side", cell_key([column(j), ("side", side)]), n)
        for side, line in sides.items()
        for j, n in enumerate(line)
    ]
    pattern = suppress(Family([*one, *other]), RULES)
    assert inner(0, 0) in hidden(pattern)
    assert cell_key([column(1), ("side", "a")]) in hidden(pattern)
    assert not pattern.refusals


def test_what_a_release_printed_is_not_hidden_again() -> None:
    counts = [[3, 20, 6], [15, 25, 35], [7, 28, 38]]
    free = suppress(Family(cross(counts)), RULES)
    assert inner(0, 2) in hidden(free)
    earlier = [Printed("Table 1", inner(0, 2), 6, 6, release="r1")]
    pattern = suppress(Family(cross(counts)), RULES, earlier)
    assert inner(0, 2) not in hidden(pattern)
    assert inner(0, 1) in hidden(pattern)
    assert not pattern.refusals


def test_a_small_number_that_a_release_printed_is_refused() -> None:
    earlier = [Printed("Table 1", inner(0, 0), 3, 3, release="r1")]
    pattern = suppress(Family(cross([[3, 20, 6], [15, 25, 35], [7, 28, 38]])), RULES, earlier)
    assert len(pattern.refusals) == 1
    assert "column = 0, row = 0 must be hidden (fewer than 5)" in pattern.refusals[0]
    assert "release r1 (Table 1) printed it" in pattern.refusals[0]


def test_a_number_that_older_releases_surround_is_refused() -> None:
    counts = [[3, 20], [15, 25]]
    everything_else = [cell for cell in printed(Family(cross(counts)), Pattern(), "r1") if cell.key != inner(0, 0)]
    pattern = suppress(Family(cross(counts)), RULES, everything_else)
    assert any("cannot be protected any more: release r1 printed" in text for text in pattern.refusals)


def test_a_hidden_base_takes_its_categories_along() -> None:
    answers = {"yes": 2, "no": 2}
    cells = [Cell("q", (("q", ANSWERED),), 4), Cell("q", (), 40), Cell("q", (("q", MISSING + "not asked"),), 36)]
    cells += [Cell("q", (("q", answer),), n) for answer, n in answers.items()]
    cells += [Cell("q", (("q", "maybe"),), 0)]
    pattern = suppress(Family(cells, answers=frozenset({"q"})), RULES)
    assert pattern.is_hidden((("q", "maybe"),))
    assert pattern.complementary[COUNT, (("q", "maybe"),)] == "its base is hidden"
    assert pattern.is_hidden((("q", MISSING + "not asked"),))


def test_the_few_who_did_not_tick_are_protected_as_well() -> None:
    """48 of 50 ticked: the 2 who did not stand in no table, but follow."""
    ticked, others = (("q" + OPTION + "a", TICKED),), (("q" + OPTION + "b", TICKED),)
    cells = [Cell("q", (("q", ANSWERED),), 50), Cell("q", ticked, 48), Cell("q", others, 20)]
    pattern = suppress(Family(cells, answers=frozenset({"q"})), RULES)
    assert hidden(pattern) == {ticked}


def test_states_of_missing_are_no_answers() -> None:
    cells = [Cell("q", (), 42), Cell("q", (("q", ANSWERED),), 40), Cell("q", (("q", MISSING + "refused"),), 2)]
    assert hidden(suppress(Family(cells, answers=frozenset({"q"})), RULES)) == set()


def test_amounts_go_with_the_hidden_number_of_their_contributors() -> None:
    keys = {name: (("size", name),) for name in ("small", "large", "huge")}
    counts = [Cell("n", keys["small"], 3), Cell("n", keys["large"], 6), Cell("n", keys["huge"], 30), Cell("n", (), 39)]
    staff = [Cell("staff", keys["small"], 3, 50, "staff"), Cell("staff", keys["large"], 6, 60, "staff")]
    staff += [Cell("staff", keys["huge"], 30, 900, "staff"), Cell("staff", (), 39, 1010, "staff")]
    pattern = suppress(Family([*counts, *staff]), RULES)
    assert pattern.is_hidden(keys["large"])
    assert pattern.is_hidden(keys["large"], "staff")
    assert not pattern.is_hidden(keys["huge"], "staff")


def test_order_of_the_cells_does_not_matter() -> None:
    cells = cross([[3, 2, 6, 9], [15, 1, 35, 8], [7, 28, 4, 9]])
    assert suppress(Family(cells), RULES) == suppress(Family(cells[::-1]), RULES)


def test_mistakes_are_told() -> None:
    with pytest.raises(SurveyError, match="exempt from disclosure control without a reason"):
        suppress(Family([Cell("t", (), 9, is_exempt=True)]), RULES)
    with pytest.raises(SurveyError, match="table one has 9, table two has 8; the same number"):
        suppress(Family([Cell("one", (), 9), Cell("two", (), 8)]), RULES)
    with pytest.raises(SurveyError, match="categories of q add up to more than all: 12 against 9"):
        suppress(Family([Cell("t", (), 9), Cell("t", (("q", "a"),), 6), Cell("t", (("q", "b"),), 6)]), RULES)
    with pytest.raises(SurveyError, match="found -1 responses"):
        suppress(Family([Cell("t", (), -1)]), RULES)
    with pytest.raises(SurveyError, match="not in order"):
        suppress(Family([Cell("t", (row(1), column(1)), 9)]), RULES)
