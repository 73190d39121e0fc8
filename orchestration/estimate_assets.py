"""The statistics as assets: one for each table of the `stats` schema.

Belongs here: calling analytics on the work file. Does not belong here: any formula.
"""

import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.asset_keys import OUTPUT_FOLDER, estimate_key
from orchestration.progress import stage
from orchestration.release.publish import release_folders
from orchestration.settings import Settings


def estimate_definitions(warehouse: dg.AssetsDefinition, settings: Settings) -> dg.AssetsDefinition:
    """All statistics, computed in one step from the marts and reports."""
    from analytics.estimates import TABLES, table_texts

    texts = table_texts()
    inputs = published_keys(warehouse)
    specs = [
        dg.AssetSpec(
            estimate_key(topic),
            deps=inputs,
            group_name="stats",
            kinds={"python", "parquet"},
            description=texts[topic][0],
        )
        for topic in TABLES
    ]

    @dg.multi_asset(name="compute_estimates", specs=specs, required_resource_keys={OUTPUT_FOLDER})
    def compute_estimates() -> Iterator[dg.MaterializeResult[Any]]:
        """Write one Parquet file for each table of the `stats` schema."""
        from analytics.estimates import SurveyOutput, write_estimates
        from orchestration.release.identity import identify

        with stage("statistics", "computing statistics"):
            # A table that is no longer computed must not stay behind and be published.
            shutil.rmtree(settings.estimates, ignore_errors=True)
            shutil.rmtree(settings.shown, ignore_errors=True)
            now = settings.releases / identify(settings).release_id
            earlier = [folder for folder in release_folders(settings) if folder != now]
            rows = write_estimates(settings.database, settings.estimates, SurveyOutput(settings.shown, earlier))
        for topic, count in rows.items():
            yield dg.MaterializeResult(asset_key=estimate_key(topic), metadata={"dagster/row_count": count})

    return compute_estimates


def published_keys(warehouse: dg.AssetsDefinition) -> Sequence[dg.AssetKey]:
    """The marts and reports among the warehouse's assets."""
    return sorted(key for key in warehouse.keys if key.path[0] in {"marts", "reports"})
