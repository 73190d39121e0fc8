"""The queries in the README run on a release and answer the question above them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.integration.observatory import Observatory

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
QUERIES = re.compile(r"```sql\n(.*?)```", re.DOTALL)


def test_the_worked_queries(bundled: Observatory) -> None:
    survival, countries, conflicts, curve, levels, drivers = QUERIES.findall(README.read_text(encoding="utf-8"))
    outcomes = bundled.query(survival)
    assert len(outcomes) == 9
    assert sum(clusters for _, clusters, _ in outcomes) == 45
    assert all(is_synthetic for *_, is_synthetic in outcomes)
    projects = bundled.query(countries)
    assert sum(count for *_, count in projects) == 15
    assert sum(count for country, _, count in projects if country == "DE") == 5
    claims = bundled.query(conflicts)
    assert claims[0][0] == "C01"
    assert claims[0][4] == "b"
    steps = bundled.query(curve)
    shares = [share for _, _, _, share, *_ in steps]
    assert shares == sorted(shares, reverse=True)
    # Ten closures of the mapping are known by their days; nobody leaves before the list has been observed.
    assert sum(n_event for _, _, n_event, *_ in steps) == 10
    listed = bundled.query(levels)
    assert {level for _, level, *_ in listed} == {0, 1, 2, 3, 4}
    assert all(reason.startswith(str(level)) for _, level, reason, *_ in listed)
    answers = bundled.query(drivers)
    # Of a multiple choice the base is the same for each option.
    bases = {base for _, _, state, _, base, *_ in answers if state == "selected"}
    assert len(bases) == 1
    # The same counted from single answers.
    counted = bundled.query(
        "select o.option_en, count(*) from marts.fct_survey_answer as a "
        "join marts.dim_survey_option as o using (survey_code, wave, question_code, option_code) "
        "where a.question_code = 'drivers' and a.state = 'selected' and a.is_counted group by all"
    )
    assert {option: n for _, option, state, n, *_ in answers if state == "selected"} == dict(counted)


def test_the_queries_on_surveys_run(bundled: Observatory) -> None:
    queries = QUERIES.findall((ROOT / "docs" / "surveys.md").read_text(encoding="utf-8"))
    assert queries
    for query in queries:
        # The survey of the page is nobody's: no rows, and no complaint about a name either.
        assert bundled.query(query) == []
