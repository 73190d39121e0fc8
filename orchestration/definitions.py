"""The one entry point for Dagster: assets, checks, the job, its schedule, the inbox sensor and the failure notice."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from ingest.catalog import read_catalog
from orchestration.asset_keys import OUTPUT_FOLDER
from orchestration.build_job import build_job, nightly_build
from orchestration.build_lock import build_lock
from orchestration.estimate_assets import estimate_definitions
from orchestration.inbox_sensor import inbox_sensor
from orchestration.raw_assets import raw_definitions, raw_keys_by_table
from orchestration.release.identity import identify
from orchestration.release_assets import release_definitions
from orchestration.settings import Settings
from orchestration.warehouse_assets import warehouse_definitions


@dg.definitions
def defs() -> dg.Definitions:
    """Everything that Dagster shows and runs, for the folders that the environment names."""
    settings = Settings.from_environment()
    # Before anything is read, so that what arrives while a build runs is seen as a change.
    identity = identify(settings)
    catalog = read_catalog(settings.source_roots, settings.register_roots)
    raw = raw_definitions(catalog, settings)
    warehouse = warehouse_definitions(raw_keys_by_table(catalog), settings)
    estimates = estimate_definitions(warehouse, settings)
    parts = [*raw, warehouse, estimates, *release_definitions(catalog, raw, warehouse, estimates, identity, settings)]
    return dg.Definitions(
        assets=[part for part in parts if not isinstance(part, dg.AssetChecksDefinition)],
        asset_checks=[part for part in parts if isinstance(part, dg.AssetChecksDefinition)],
        jobs=[build_job],
        schedules=[nightly_build(settings)],
        sensors=[inbox_sensor(settings)],
        resources={OUTPUT_FOLDER: _output_folder(settings)},
        executor=dg.in_process_executor,
    )


def _output_folder(settings: Settings) -> dg.ResourceDefinition:
    """The output folder, locked for as long as a run writes into it, whoever started the run."""

    @dg.resource(description="The output folder; one run at a time writes into it.")
    def output_folder(_context: dg.InitResourceContext) -> Iterator[Path]:
        with build_lock(settings.home):
            yield settings.home

    return output_folder
