"""The queries in the README run on a release and answer the question above them."""

from __future__ import annotations

import re
from pathlib import Path

from tests.integration.observatory import Observatory

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_three_worked_queries(bundled: Observatory) -> None:
    survival, countries, conflicts = re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
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
