"""Faults of the catalogue: small cells, cells that can be recovered, the same table in several places."""

from __future__ import annotations

import pytest

from analytics.survey_statistics.disclosure.auditor import audit
from analytics.survey_statistics.disclosure.publication import COUNT, Cell, Family, Pattern, Printed, printed
from analytics.survey_statistics.disclosure.rules import default_rules
from analytics.survey_statistics.disclosure.suppression import suppress
from tests.survey_statistics.disclosure_tables import cross, inner

RULES = default_rules()


@pytest.mark.fault
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_r02_small_cell_is_hidden_with_others_that_protect_it(n: int) -> None:
    family = Family(cross([[n, 20, 6], [15, 25, 35], [7, 28, 38]]))
    pattern = suppress(family, RULES)
    assert pattern.primary == {(COUNT, inner(0, 0)): "fewer than 5"}
    assert set(pattern.complementary) == {(COUNT, inner(0, 2)), (COUNT, inner(2, 0)), (COUNT, inner(2, 2))}
    texts = {row.lower for row in printed(family, pattern) if row.key in {key for _, key in pattern.primary}}
    assert texts == {None}


@pytest.mark.fault
def test_r03_hidden_cell_beside_a_visible_total_fails() -> None:
    cells = cross([[3, 20, 6], [15, 25, 35], [7, 28, 38]])
    alone = Pattern(primary={(COUNT, inner(0, 0)): "fewer than 5"})
    (finding,) = audit(printed(Family(cells), alone), RULES)
    assert finding.kind == "exact"
    assert "column = 0, row = 0 is hidden (fewer than 5), but a reader finds that it is exactly 3" in finding.sentence
    assert "= 25 [column = 0] - 15 [column = 0, row = 1] - 7 [column = 0, row = 2]" in finding.sentence


@pytest.mark.fault
def test_r04_same_pattern_in_every_language_format_and_edition() -> None:
    counts = [[3, 20, 6], [15, 25, 35], [7, 28, 38]]
    places = ("table EN", "表 JA", "workbook", "chart data")
    family = Family([cell for place in places for cell in cross(counts, place)])
    pattern = suppress(family, RULES)
    rows = printed(family, pattern)
    by_place = {place: {row.key for row in rows if row.place == place and row.lower is None} for place in places}
    assert set(map(frozenset, by_place.values())) == {
        frozenset(key for _, key in (*pattern.primary, *pattern.complementary))
    }
    assert not audit(rows, RULES, truth=family.cells)
    left_in_one = [Printed("chart data", row.key, 6, 6) if (row.place, row.key) == ("chart data", inner(0, 2)) else row
                   for row in rows]  # fmt: skip
    assert [finding.kind for finding in audit(left_in_one, RULES, truth=family.cells)] == ["exact"]


@pytest.mark.fault
def test_r04_a_later_release_keeps_the_pattern_of_the_earlier_one() -> None:
    first = Family(cross([[3, 20, 6], [15, 25, 35], [7, 28, 38]]))
    old = suppress(first, RULES)
    earlier = printed(first, old, release="r1")
    again = suppress(first, RULES, earlier)
    assert set(again.complementary) == set(old.complementary)
    assert not audit([*printed(first, again), *earlier], RULES, truth=first.cells)


@pytest.mark.fault
def test_r02_a_cross_of_two_questions_has_two_bases_and_the_smaller_one_counts() -> None:
    # All 6 of row 1 are in column 0, which is no more than a third of the column.
    family = Family(cross([[13, 11], [6, 0]]), answers=frozenset({"row", "column"}))
    pattern = suppress(family, RULES)
    assert pattern.primary[COUNT, inner(1, 0)] == "all of 6, which is fewer than 10"
    rows = printed(family, pattern)
    assert audit(rows, RULES, family.cells, answers=family.answers) == []
    everything = printed(family, Pattern())
    assert {finding.key for finding in audit(everything, RULES, answers=family.answers)} == {inner(1, 0)}


@pytest.mark.fault
def test_r04_an_amount_that_is_in_no_sum_is_hidden_alone() -> None:
    # A survey without domains has one total, and nothing to add it up from.
    family = Family([Cell("t", (), 20, 100.0, "staff", (90.0, 1.0))])
    assert suppress(family, RULES).primary == {("staff", ()): "one contributes more than 75 %"}
