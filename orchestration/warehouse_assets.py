"""The dbt models as assets, their tests as checks, with row counts and column lineage.

Belongs here: translating between dbt and Dagster. Does not belong here: SQL or any rule about the data.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_updated_cli_invocation_params_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration import dbt_project
from orchestration.asset_keys import CATALOG_KEY, OUTPUT_FOLDER
from orchestration.column_lineage import ColumnDependencies, ModelSql, lineage_of
from orchestration.progress import stage
from orchestration.published_clusters import land_published_clusters
from orchestration.settings import Settings
from orchestration.warehouse_findings import failing_rows

# Layers that are built once the rules of the register and of all that stands on it were seen to hold.
PUBLISHED_LAYERS = ("path:models/marts", "path:models/reports")
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
GROUPS = {
    "seed": "registry",
    "staging": "staging",
    "intermediate": "intermediate",
    "marts": "marts",
    "reports": "reports",
}


class WarehouseTranslator(DagsterDbtTranslator):
    """Names and groups as in the house, and staging models that depend on the source editions they read."""

    def __init__(self, raw_keys: Mapping[str, Sequence[dg.AssetKey]]) -> None:
        """``raw_keys``: the raw assets behind each source table."""
        super().__init__()
        self._raw_keys = raw_keys

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer of the model."""
        if dbt_resource_props["resource_type"] == "seed":
            return GROUPS["seed"]
        return GROUPS.get(str(dbt_resource_props.get("schema")))

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: Any) -> dg.AssetSpec:
        """The model's asset; a dependency on a source table becomes one on each edition landed in it."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        deps = []
        for dep in spec.deps:
            path = dep.asset_key.path
            if path[0] == "raw" and len(path) == 2:
                editions = self._raw_keys.get(path[1], [CATALOG_KEY])
                deps += [dg.AssetDep(key) for key in editions]
            else:
                deps.append(dep)
        return spec.replace_attributes(deps=deps)


def warehouse_definitions(raw_keys: Mapping[str, Sequence[dg.AssetKey]], settings: Settings) -> dg.AssetsDefinition:
    """The dbt project as one Dagster step that builds all selected models in this process."""
    manifest = dbt_project.read_manifest(settings)
    translator = WarehouseTranslator(raw_keys)

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name="build_warehouse",
        required_resource_keys={OUTPUT_FOLDER},
    )
    def build_warehouse(context: dg.AssetExecutionContext) -> Iterator[Any]:
        """Build seeds, models and tests into the work file."""
        from dbt_common.events.functions import msg_to_dict

        selection = get_updated_cli_invocation_params_for_context(context, manifest, translator)
        events: list[dict[str, Any]] = []

        def collect(message: Any) -> None:
            if message.info.name in {"LogSeedResult", "LogModelResult", "LogTestResult"}:
                events.append(msg_to_dict(message))

        if not context.is_subset:
            settings.database.unlink(missing_ok=True)
        with stage("dbt", "building the warehouse"):
            land_published_clusters(settings)
            project = dbt_project.parsed_project(settings)
            commands = dbt_commands(selection.selection_args if context.is_subset else None)
            result = dbt_project.run_dbt(settings, commands, collect, project)
        lineage: dict[str, ColumnDependencies] = {}
        if result.success:
            with stage("lineage", "tracing columns"):
                lineage = warehouse_lineage(settings)
        told: set[str] = set()
        for event in events:
            for outcome in DbtCoreCliEventMessage(raw_event=event, event_history_metadata={}).to_default_asset_events(
                manifest, translator, context, settings.dbt_target
            ):
                unique_id = event["data"]["node_info"]["unique_id"]
                if isinstance(outcome, dg.AssetCheckResult) and not outcome.passed:
                    told.add(unique_id)
                    yield outcome._replace(description=failing_rows(manifest["nodes"][unique_id], settings))
                else:
                    yield _with_lineage(outcome, lineage.get(unique_id, {}), manifest, translator)
        failed = dbt_project.failures(result)
        if failed:
            # A test of several models is no check of any of them unless it says so; what it found is told here.
            others = [_sentence(each, manifest, settings) for each in failed if each.unique_id not in told]
            raise dg.Failure(
                description="\n".join(others) or f"{len(failed)} tests on the warehouse do not hold.",
                allow_retries=False,
            )

    return build_warehouse


def dbt_commands(selection: Sequence[str] | None) -> list[list[str]]:
    """The commands of a build, each run only if the one before it succeeded; ``selection`` is None for everything.

    The rules are asked all at once and before anything is built that will be published, so that one build tells every
    fault of the register. A part of the warehouse, chosen in the Dagster UI, is never published and built in one go.
    Unit tests of models depend on the code alone; they would take a third of a build and run in the test-suite.
    """
    if selection is not None:
        return [["build", *selection, *WITHOUT_UNIT_TESTS]]
    return [
        ["build", "--exclude", *PUBLISHED_LAYERS, *WITHOUT_UNIT_TESTS, "test"],
        ["test", "--select", "resource_type:test", "--exclude", *PUBLISHED_LAYERS],
        ["build", "--select", *PUBLISHED_LAYERS, *WITHOUT_UNIT_TESTS],
    ]


def _sentence(failure: dbt_project.DbtFailure, manifest: Mapping[str, Any], settings: Settings) -> str:
    if failure.resource_type == "test" and failure.status == "fail":
        return f"{failure.name}: {failing_rows(manifest['nodes'][failure.unique_id], settings)}"
    return f"dbt {failure.resource_type} {failure.name} could not be built: {' '.join(failure.message.split())}"


def _with_lineage(
    outcome: Any, columns: ColumnDependencies, manifest: Mapping[str, Any], translator: WarehouseTranslator
) -> Any:
    """The event with its column lineage; checks and models without lineage pass unchanged."""
    if not columns or not isinstance(outcome, dg.Output):
        return outcome
    lineage = dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(translator.get_asset_spec(manifest, parent, None).key, name) for parent, name in pairs
            ]
            for column, pairs in columns.items()
        }
    )
    return outcome.with_metadata({**outcome.metadata, "dagster/column_lineage": lineage})


def warehouse_lineage(settings: Settings) -> dict[str, ColumnDependencies]:
    """Lineage of all models that the last build compiled, by unique id; unchanged models come from the cache."""
    manifest = dbt_project.read_manifest(settings)
    nodes = {**manifest["nodes"], **manifest["sources"]}
    files = {node["relation_name"]: f'"files"."raw"."{node["name"]}"' for node in manifest["sources"].values()}
    columns = _relation_columns(settings, files)
    models = []
    for unique_id, node in manifest["nodes"].items():
        path = settings.dbt_target / "compiled" / node["package_name"] / node["original_file_path"]
        if node["resource_type"] != "model" or not path.exists() or node["relation_name"] not in columns:
            continue
        if "survey_wide" in node["config"]["tags"]:
            # Hundreds of SELECTs over tables that dbt does not know; what stands in each is a row of a codebook.
            continue
        sql = path.read_text(encoding="utf-8")
        parents = {}
        for parent in node["depends_on"]["nodes"]:
            relation = nodes[parent]["relation_name"]
            name = files.get(relation, relation)
            sql = sql.replace(relation, name) if relation in files else sql
            if name in columns:
                parents[name] = (parent, columns[name])
        models.append(ModelSql(unique_id, sql, columns[node["relation_name"]], parents))
    return lineage_of(models, settings.dbt_target / "column_lineage.json")


def _relation_columns(settings: Settings, files: Mapping[str, str]) -> dict[str, list[str]]:
    """Column names of every relation in the work file, and of the Parquet files behind each name in ``files``."""
    from orchestration.release.compose import connect

    with connect(settings.database, read_only=True) as connection:
        rows = connection.execute(
            "select database_name, schema_name, table_name, column_name from duckdb_columns() "
            "where not internal order by table_name, column_index"
        ).fetchall()
        columns = {
            name: [str(row[0]) for row in connection.execute(f"describe from {relation}").fetchall()]
            for relation, name in files.items()
        }
    for database, schema, table, column in rows:
        columns.setdefault(f'"{database}"."{schema}"."{table}"', []).append(str(column))
    return columns
