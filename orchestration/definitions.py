"""The one entry point for Dagster: all assets, checks, the job, its schedule, the inbox sensor and the failure notice."""

from __future__ import annotations

import dagster as dg

from ingest.catalog import read_catalog
from orchestration.build_job import JOB_NAME, build_job, nightly_build
from orchestration.estimate_assets import estimate_definitions
from orchestration.inbox_sensor import inbox_sensor
from orchestration.raw_assets import raw_definitions, raw_keys_by_table
from orchestration.release_assets import release_definitions
from orchestration.settings import Settings
from orchestration.warehouse_assets import warehouse_definitions


@dg.definitions
def defs() -> dg.Definitions:
    """Everything that Dagster shows and runs, for the folders that the environment names."""
    settings = Settings.from_environment()
    catalog = read_catalog(settings.source_roots)
    raw = raw_definitions(catalog, settings)
    warehouse = warehouse_definitions(raw_keys_by_table(catalog), settings)
    estimates = estimate_definitions(warehouse, settings)
    release = release_definitions(catalog, warehouse, estimates, settings)
    parts = [*raw, warehouse, estimates, *release]
    return dg.Definitions(
        assets=[part for part in parts if not isinstance(part, dg.AssetChecksDefinition)],
        asset_checks=[part for part in parts if isinstance(part, dg.AssetChecksDefinition)],
        jobs=[build_job],
        schedules=[nightly_build],
        sensors=[inbox_sensor(settings)],
        executor=dg.in_process_executor,
    )


__all__ = ["JOB_NAME", "defs"]
