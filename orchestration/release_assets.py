"""The check at the border out, and the release as an asset.

Belongs here: gathering what a release is made of and publishing it. Does not belong here: how a release is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from ingest.catalog import Catalog
from orchestration import dbt_project
from orchestration.asset_keys import CANDIDATE_KEY, OUTPUT_FOLDER, RELEASE_KEY
from orchestration.estimate_assets import published_keys
from orchestration.progress import stage
from orchestration.published_frames import shown_tables
from orchestration.release.identity import Identity, identify
from orchestration.release.meta import CheckRow, meta_texts, write_meta
from orchestration.release.publish import Contents, publish, release_facts
from orchestration.release.relations import TableText
from orchestration.release.survey_tables import survey_lineage
from orchestration.settings import Settings
from orchestration.warehouse_assets import warehouse_lineage

Checked = dg.AssetsDefinition | dg.AssetChecksDefinition


def release_definitions(
    catalog: Catalog,
    raw: Sequence[Checked],
    warehouse: dg.AssetsDefinition,
    estimates: dg.AssetsDefinition,
    identity: Identity,
    settings: Settings,
) -> list[Checked]:
    """The candidate that the border check guards, and the release.

    ``identity`` is what was there when the definitions were read; a release of anything else is refused.
    """
    inputs = [*published_keys(warehouse), *sorted(estimates.keys)]
    expected = {key for part in (*raw, warehouse) for key in part.check_keys}
    expected.add(dg.AssetCheckKey(CANDIDATE_KEY, "border_out"))

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
            yield check_candidate(settings)

    @dg.asset(
        key=RELEASE_KEY,
        deps=[CANDIDATE_KEY],
        group_name="release",
        kinds={"duckdb", "parquet", "html"},
        required_resource_keys={OUTPUT_FOLDER},
    )
    def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        """One immutable folder with database, Parquet files, pages and checksums, and the switch of `latest`."""
        from analytics.estimates import TABLES, table_texts

        manifest = dbt_project.read_manifest(settings)
        checks = _check_rows(context)
        _refuse_unchecked(checks, expected)
        if identify(settings) != identity:
            raise dg.Failure(
                description="The sources or the program changed while the build ran, so what was checked is not "
                "what is there now. Nothing was published. Run the build again.",
                allow_retries=False,
            )
        meta = settings.home / "work" / "meta"
        with stage("release", "publishing"):
            write_meta(meta, _lineage_rows(settings), identity, checks)
            texts: dict[str, TableText] = {
                **dbt_project.table_texts(manifest),
                **{
                    f"stats.{name}": TableText(text, columns, TABLES[name].key)
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
                    shown=shown_tables(settings),
                ),
            )
        facts = release_facts(folder)
        return dg.MaterializeResult(
            metadata={"release_id": identity.release_id, "folder": dg.MetadataValue.path(folder), "facts": facts}
        )

    return [release_candidate, release]


def _refuse_unchecked(checks: Sequence[CheckRow], expected: Iterable[dg.AssetCheckKey]) -> None:
    """Stop unless every check of the pipeline was made in this very run and none of the blocking ones failed."""
    made = {(row.subject, row.check_name) for row in checks}
    missing = sorted({("/".join(key.asset_key.path), key.name) for key in expected} - made)
    if missing:
        raise dg.Failure(
            description=f"{len(missing)} checks were not made in this run, the first of them {missing[0][1]} on "
            f"{missing[0][0]}. A release is published by the whole job 'build' only. Run 'observatory build'.",
            allow_retries=False,
        )
    failed = [f"{row.subject}, {row.check_name}: {row.message}" for row in checks if _is_blocking(row)]
    if failed:
        raise dg.Failure(description="\n".join(failed), allow_retries=False)


def _is_blocking(row: CheckRow) -> bool:
    return not row.is_passed and row.severity == "error"


def _lineage_rows(settings: Settings) -> list[dict[str, Any]]:
    """The column lineage of the warehouse as rows of `meta.column_lineage`."""
    from orchestration.release.compose import connect

    with connect(settings.database, read_only=True) as connection:
        of_surveys = survey_lineage(connection)
    of_models = [
        {"model": model, "column_name": column, "parent": parent, "parent_column": name}
        for model, columns in sorted(warehouse_lineage(settings).items())
        for column, pairs in sorted(columns.items())
        for parent, name in pairs
    ]
    return of_models + of_surveys


def _write_pages(release_id: str) -> Any:
    def write_pages(database: Path, folder: Path) -> None:
        from analytics.codebook import write_codebooks
        from analytics.pages import write_dictionary, write_report
        from orchestration.release.questionnaire import write_questionnaires

        (folder / "report").mkdir()
        write_report(database, folder / "report", release_id)
        write_dictionary(database, folder / "dictionary.html", release_id)
        write_codebooks(database, folder, release_id)
        write_questionnaires(database, folder)

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
        mentions = connection.execute(
            "select count(*) filter (where verdict = 'not_identified'), count(*) filter (where verdict is null) "
            "from reports.rpt_unresolved_mention left join marts.fct_mention using (mention_key)"
        ).fetchone() or (0, 0)
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
        "mentions_not_identified": int(mentions[0]),
        "mentions_undecided": int(mentions[1]),
        "checks_passed": len(checks) - len(failed),
        "checks_warned": sum(row.severity == "warn" for row in failed),
        "checks_failed": sum(row.severity == "error" for row in failed),
        "figures": {str(status): int(count) for status, count in statuses.items()},
        "source_conflicts": int(conflicts[0]),
    }
