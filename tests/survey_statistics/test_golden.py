"""Every golden number of R, area by area and design by design."""

from __future__ import annotations

import pytest

from tests.survey_statistics import golden

BLOCKS = sorted({(area, case.design) for area, cases in golden.case_files().items() for case in cases})


@pytest.mark.parametrize(("area", "design"), BLOCKS)
def test_agrees_with_r(area: str, design: str) -> None:
    cases = [case for case in golden.case_files()[area] if case.design == design]
    wrong = [told for told in map(golden.disagreement, cases) if told]
    assert not wrong, f"{len(wrong)} of {len(cases)} differ:\n" + "\n".join(wrong[:20])
