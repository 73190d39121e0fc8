"""The auditor as an intruder: what it must recover, and what it must not cry wolf about."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from analytics.survey_statistics.disclosure import auditor
from analytics.survey_statistics.disclosure.auditor import audit
from analytics.survey_statistics.disclosure.publication import (
    ANSWERED,
    ANSWERS,
    COUNT,
    MISSING,
    OPTION,
    TICKED,
    Family,
    Finding,
    Key,
    Pattern,
    Printed,
    printed,
)
from analytics.survey_statistics.disclosure.rules import default_rules
from analytics.survey_statistics.disclosure.suppression import suppress
from tests.survey_statistics.disclosure_tables import amounts, cross, inner

RULES = default_rules()
BASE = (("q", ANSWERED),)


def shown(key: Key, n: float | None, place: str = "T", release: str | None = None) -> Printed:
    return Printed(place, key, n, n, release=release)


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, [finding.sentence for finding in findings]
    return findings[0]


def option(name: str) -> Key:
    return (("q" + OPTION + name, TICKED),)


def test_the_intruder_shares_no_relations_with_the_suppressor() -> None:
    folder = Path(auditor.__file__).parent
    for name in ("auditor", "attack", "intruder", "equation", "revision"):
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {module for module in imported if module and module.endswith(
            ("relations", "protection", "suppression", "optimum"))}  # fmt: skip


def test_a_difference_is_found_with_its_equation() -> None:
    cells = cross([[20, 50, 10], [8, 19, 3], [17, 32, 12]])
    one = Pattern(primary={(COUNT, inner(1, 2)): "fewer than 5"}, complementary={(COUNT, inner(1, 0)): ""})
    found = only(audit(printed(Family(cells), one), RULES, truth=cells))
    assert (found.kind, found.lower, found.upper) == ("exact", 3, 3)
    assert found.equation == (
        "[column = 2, row = 1] = 25 [column = 2] - 12 [column = 2, row = 2] - 10 [column = 2, row = 0]"
    )


def test_the_interval_of_fischetti_and_salazar() -> None:
    """Four cells hidden: the intruder finds that the sensitive 22 lies between 5 and 30, as their paper says."""
    values = [[20.0, 50.0, 10.0], [8.0, 19.0, 22.0], [17.0, 32.0, 12.0]]
    cells = amounts(values, 9, {inner(1, 2): (22.0,)})
    four = {("turnover", inner(i, j)): "" for i in (1, 2) for j in (0, 2)}
    strict = RULES.changed({"protection": 100})
    found = only(audit(printed(Family(cells), Pattern(four)), strict, truth=cells))
    assert (found.kind, found.lower, found.upper) == ("narrow", 5, 30)
    assert not audit(printed(Family(cells), Pattern(four)), RULES.changed({"protection": 30}), truth=cells)


def test_all_less_a_domain_is_a_domain() -> None:
    rows = [shown((*BASE,), 40), shown((("q", "yes"),), 20), shown((("q", "no"),), 20)]
    rows += [shown((*BASE, ("size", "small")), 37), shown((("q", "yes"), ("size", "small")), 19)]
    rows += [shown((("q", "no"), ("size", "small")), 18)]
    findings = audit(rows, RULES, answers=frozenset({"q"}))
    assert {(finding.lower, finding.upper) for finding in findings} >= {(1, 1), (2, 2)}
    assert all(finding.kind in ("exact", "printed") for finding in findings)
    assert any("40 [q = (answered)]" in f.equation or "20 [q = yes]" in f.equation for f in findings)


def test_the_few_who_did_not_tick_are_found() -> None:
    found = only(audit([shown(BASE, 50), shown(option("a"), 48)], RULES))
    assert (found.kind, found.lower) == ("exact", 2)
    assert "(not ticked)" in found.sentence


def test_the_number_of_ticks_gives_the_hidden_option() -> None:
    rows = [shown(BASE, 50), shown(option("a"), 20), shown(option("b"), None)]
    assert not audit(rows, RULES)
    found = only(audit([*rows, shown((("q", ANSWERS),), 23)], RULES))
    assert found.equation == "[q / b = (ticked)] = 23 [q = (answers)] - 20 [q / a = (ticked)]"


@pytest.mark.parametrize(("share", "digits", "finds"), [(0.06, 2, True), (0.1, 1, False), (0.06, None, True)])
def test_a_rounded_percent_with_its_base_is_an_interval_of_counts(
    share: float, digits: int | None, finds: bool
) -> None:
    rows = [shown(BASE, 50), shown((("q", "a"),), None), shown((("q", "b"),), None), shown((("q", "c"),), None)]
    rows.append(Printed("chart", (("q", "a"),), share=share, share_base=BASE, digits=digits))
    findings = audit(rows, RULES)
    assert bool(findings) is finds
    assert {(finding.lower, finding.upper) for finding in findings} == ({(3, 3)} if finds else set())


def test_exact_percents_give_away_their_base() -> None:
    """Thirds and ninths of a base that is hidden: whole numbers below 12 leave only 9."""
    rows = [shown((), 60), shown(BASE, None), shown((("q", MISSING + "refused"),), None)]
    rows += [Printed("chart", BASE, 0, 12)]
    rows += [shown((("q", name),), None) for name in "abc"]
    rows += [
        Printed("chart", (("q", name),), share=n / 9, share_base=BASE) for name, n in zip("abc", (1, 5, 3), strict=True)
    ]
    findings = {finding.key: finding for finding in audit([*rows, Printed("text", BASE, 1, 12)], RULES)}
    assert findings[(("q", "a"),)].upper == findings[(("q", "a"),)].lower == 1
    assert findings[(("q", "c"),)].lower == 3


def test_numbers_that_contradict_each_other_are_told() -> None:
    found = only(audit([shown((("q", "a"),), 12, "page"), shown((("q", "a"),), 13, "workbook")], RULES))
    assert found.kind == "contradiction"
    assert "page and workbook" in found.sentence
    sums = [shown((), 20), shown((("q", "a"),), 15), shown((("q", "b"),), None), shown((("q", "c"),), 9)]
    assert {finding.kind for finding in audit(sums, RULES)} == {"contradiction"}


def test_a_small_number_that_simply_stands_there() -> None:
    found = only(audit([shown((("q", "a"),), 3, "page 4")], RULES))
    assert found.sentence == "q = a is 3 and stands in page 4: fewer than 5."
    assert not audit([Printed("register", (("q", "a"),), 3, 3, is_exempt=True)], RULES)


def test_all_of_a_small_base() -> None:
    rows = [shown(BASE, 7), shown((("q", "a"),), None), shown((("q", "b"),), 0), shown((("q", "c"),), 0)]
    assert only(audit(rows, RULES)).kind == "group"
    open_rows = [*rows[:2], shown((("q", "b"),), None), rows[3]]
    assert not audit(open_rows, RULES)


def test_one_more_respondent_between_two_releases() -> None:
    old = [
        shown(BASE, 50, release="r1"),
        shown((("q", "a"),), 20, release="r1"),
        shown((("q", "b"),), 30, release="r1"),
    ]
    new = [shown(BASE, 51), shown((("q", "a"),), 21), shown((("q", "b"),), 30)]
    found = only(audit([*old, *new], RULES))
    assert found.kind == "revision"
    assert "release r1" in found.sentence
    hidden = [shown(BASE, 51), shown((("q", "a"),), None), shown((("q", "b"),), None)]
    assert [finding.kind for finding in audit([*old, *hidden], RULES)] == ["revision"]


def test_an_earlier_edition_with_another_pattern_gives_it_away() -> None:
    cells = cross([[3, 20, 6], [15, 25, 35], [7, 28, 38]])
    family = Family(cells)
    now = printed(family, suppress(family, RULES))
    assert not audit(now, RULES, truth=cells)
    complement = next(row.key for row in now if row.lower is None and row.key != inner(0, 0))
    true = next(cell.n for cell in cells if cell.key == complement)
    findings = audit([*now, shown(complement, true, release="r1")], RULES, truth=cells)
    assert inner(0, 0) in {finding.key for finding in findings}


def test_an_outsider_is_sure_of_small_numbers_only() -> None:
    """Without the truth a hidden number is found only where it must be 1 to 4."""
    rows = [shown((), 12), shown((("q", "a"),), 8), shown((("q", "b"),), None), shown((("q", "c"),), None)]
    assert not audit(rows, RULES)
    tight = [*rows, Printed("text", (("q", "b"),), 1, 3)]
    assert {finding.kind for finding in audit(tight, RULES)} == {"small"}
