"""The unit tests beside the models. A build leaves them out, since they depend on the code alone."""

from __future__ import annotations

from typing import Any

from tests.integration.observatory import Observatory
from tests.unit.dbt_runs import run_dbt


def test_every_unit_test_of_the_models_holds(copy_of_bundled: Observatory, dbt_manifest: dict[str, Any]) -> None:
    """On a copy of the work file of a build, where dbt finds the columns of what the models read."""
    done = run_dbt(copy_of_bundled.home, "test", "--select", "test_type:unit")
    assert done.is_done, done.failures
    assert set(done.outcomes) == set(dbt_manifest["unit_tests"])
    assert set(done.outcomes.values()) == {"pass"}
