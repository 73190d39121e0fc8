"""The queries in the README run on a release and answer the question above them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.integration.observatory import Observatory

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_worked_queries(bundled: Observatory) -> None:
    queries = re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    survival, countries, conflicts, curve, levels = queries
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
