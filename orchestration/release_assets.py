"""The check at the border out, and the release as an asset.

Belongs here: gathering what a release is made of and publishing it. Does not belong here: how a release is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from ingest.catalog import Catalog
from orchestration import dbt_project
from orchestration.estimate_assets import published_keys
from orchestration.progress import stage
from orchestration.raw_assets import OUTPUT_FOLDER
from orchestration.release.compose import TableText
from orchestration.release.identity import identify
from orchestration.release.meta import CheckRow, meta_texts, write_meta
from orchestration.release.publish import Contents, latest_release, publish, release_facts
from orchestration.settings import Settings

RELEASE_KEY = dg.AssetKey(["release"])
CANDIDATE_KEY = dg.AssetKey(["release_candidate"])


def release_definitions(
    catalog: Catalog, warehouse: dg.AssetsDefinition, estimates: dg.AssetsDefinition, settings: Settings
) -> list[dg.AssetsDefinition | dg.AssetChecksDefinition]:
    """The candidate that the border check guards, that check, and the release."""
    inputs = [*published_keys(warehouse), *sorted(estimates.keys)]

    @dg.asset(
        key=CANDIDATE_KEY,
        deps=inputs,
        group_name="release",
        required_resource_keys={OUTPUT_FOLDER},
        check_specs=[
            dg.AssetCheckSpec("border_out", asset=CANDIDATE_KEY, blocking=True, description="May be published.")
        ],
        description="The tables that would be published, before the switch.",
    )
    def release_candidate() -> Iterable[Any]:
        """Count what would be published and check it as a whole."""
        from orchestration.border_checks import check_candidate

        with stage("checks", "checking what goes out"):
            yield dg.Output(None)
            yield check_candidate(settings, latest_release(settings))

    @dg.asset(
        key=RELEASE_KEY,
        deps=[CANDIDATE_KEY],
        group_name="release",
        kinds={"duckdb", "parquet", "html"},
        required_resource_keys={OUTPUT_FOLDER},
    )
    def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        """One immutable folder with database, Parquet files, pages and checksums, and the switch of `latest`."""
        from analytics.estimates import table_texts

        manifest = dbt_project.read_manifest(settings)
        checks = _check_rows(context)
        identity = identify(settings)
        meta = settings.home / "work" / "meta"
        with stage("release", "publishing"):
            write_meta(meta, settings, identity, checks)
            texts: dict[str, TableText] = {
                **dbt_project.table_texts(manifest),
                **{
                    f"stats.{name}": TableText(text, columns, ("estimate_id",))
                    for name, (text, columns) in table_texts().items()
                },
                **meta_texts(),
            }
            folder = publish(
                settings,
                Contents(
                    release_id=identity.release_id,
                    warehouse=settings.database,
                    parquet_folders={"stats": settings.estimates, "meta": meta},
                    texts=texts,
                    facts=_facts(settings, identity.release_id, checks, catalog),
                    write_pages=_write_pages(identity.release_id),
                ),
            )
        facts = release_facts(folder)
        return dg.MaterializeResult(
            metadata={"release_id": identity.release_id, "folder": dg.MetadataValue.path(folder), "facts": facts}
        )

    return [release_candidate, release]


def _write_pages(release_id: str) -> Any:
    def write_pages(database: Path, folder: Path) -> None:
        from analytics.pages import write_dictionary, write_report

        (folder / "report").mkdir()
        write_report(database, folder / "report", release_id)
        write_dictionary(database, folder / "dictionary.html", release_id)

    return write_pages


def _check_rows(context: dg.AssetExecutionContext) -> list[CheckRow]:
    """Every check of this run with its outcome."""
    entries = context.instance.all_logs(context.run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    rows = []
    for entry in entries:
        event = entry.get_dagster_event()
        evaluation = event.asset_check_evaluation_data
        rows.append(
            CheckRow(
                subject="/".join(evaluation.asset_key.path),
                check_name=evaluation.check_name,
                severity=evaluation.severity.value.lower(),
                is_passed=evaluation.passed,
                message=evaluation.description,
            )
        )
    return sorted(rows, key=lambda row: (row.subject, row.check_name))


def _facts(settings: Settings, release_id: str, checks: Sequence[CheckRow], catalog: Catalog) -> Mapping[str, Any]:
    """The numbers of the summary, all counted from the work file and from this run's checks."""
    from orchestration.release.compose import connect

    with connect(settings.database, read_only=True) as connection:
        accounts = (
            connection.execute(
                "select count(*), sum(rows_read), sum(rows_placed), sum(rows_unresolved), sum(rows_rejected) "
                "from reports.rpt_row_account"
            ).fetchone()
            or (0,) * 5
        )
        statuses = dict(
            connection.execute(
                "select status, count(*) from reports.rpt_control_gap group by all order by all"
            ).fetchall()
        )
        conflicts = connection.execute("select count(*) from reports.rpt_source_conflict").fetchone() or (0,)
        mentions = connection.execute("select count(*) from reports.rpt_unresolved_mention").fetchone() or (0,)
    failed = [row for row in checks if not row.is_passed]
    return {
        "release_id": release_id,
        "sources": int(accounts[0]),
        "synthetic_sources": sum(card.is_synthetic for card in catalog.cards),
        "synthetic_sources_replaced": [card.source_id for card in catalog.replaced],
        "rows_read": int(accounts[1]),
        "rows_placed": int(accounts[2]),
        "rows_unresolved": int(accounts[3]),
        "rows_rejected": int(accounts[4]),
        "mentions_unresolved": int(mentions[0]),
        "checks_passed": len(checks) - len(failed),
        "checks_warned": sum(row.severity == "warn" for row in failed),
        "checks_failed": sum(row.severity == "error" for row in failed),
        "figures": {str(status): int(count) for status, count in statuses.items()},
        "source_conflicts": int(conflicts[0]),
    }
