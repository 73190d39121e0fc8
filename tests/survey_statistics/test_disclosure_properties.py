"""For any survey: after suppression nothing can be recovered, and nothing is hidden without need."""

from __future__ import annotations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analytics.survey_statistics.disclosure.auditor import audit
from analytics.survey_statistics.disclosure.publication import Family, printed
from analytics.survey_statistics.disclosure.rules import default_rules
from analytics.survey_statistics.disclosure.suppression import suppress
from tests.survey_statistics.disclosure_tables import cross, survey

RULES = default_rules()
# Shrinking would solve thousands of programmes; the first example that fails is small enough to read.
PHASES = (Phase.explicit, Phase.generate)
WITH_BASE = "its base is hidden"

tables = st.lists(st.integers(0, 14), min_size=16, max_size=16).map(lambda n: [n[4 * i : 4 * i + 4] for i in range(4)])
respondent = st.fixed_dictionaries(
    {
        "size": st.sampled_from(["small", "large", "huge"]),
        "q1": st.sampled_from(["yes", "yes", "no", "(missing) refused"]),
        "q2": st.sampled_from(["often", "seldom", "never"]),
        "q3": st.frozensets(st.sampled_from("abc")) | st.just("(missing) refused"),
    }
)


def no_one_recovers(family: Family) -> None:
    pattern = suppress(family, RULES)
    assert not pattern.refusals
    rows = printed(family, pattern)
    findings = audit(rows, RULES, truth=family.cells, answers=family.answers)
    assert not [finding.sentence for finding in findings]
    assert not audit(rows, RULES, answers=family.answers)
    for cell, reason in list(pattern.complementary.items())[:4]:
        if reason != WITH_BASE:
            rest = printed(family, pattern.without(cell))
            assert audit(rest, RULES, truth=family.cells, answers=family.answers), f"{cell} is hidden without need"


@settings(max_examples=8, deadline=None, derandomize=True, phases=PHASES)
@given(tables)
def test_tables_of_counts(counts: list[list[int]]) -> None:
    no_one_recovers(Family(cross(counts), answers=frozenset()))


@settings(max_examples=8, deadline=None, derandomize=True, phases=PHASES)
@given(st.lists(respondent, min_size=12, max_size=60))
def test_surveys_with_missing_answers_and_several_options(responses: list[dict[str, str | frozenset[str]]]) -> None:
    no_one_recovers(survey(responses, "size"))
