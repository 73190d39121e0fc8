"""What the last release says of every cluster id, landed so that the register can be held against it.

Belongs here: fetching it, and refusing to go back to a release that lacks an id. Does not belong here: what must not
change in a build (``dbt_project/tests/identity``).
"""

from __future__ import annotations

from pathlib import Path

from ingest.problem import Problem, SourceError
from orchestration.settings import Settings

# As in the test cluster_id_is_kept.
REMEDY = (
    "put the row back, here or in another clusters.csv; lists, decisions and events may go, an id may not. What is "
    "only a trial belongs in an output folder of its own (OBSERVATORY_HOME)"
)


def land_published_clusters(settings: Settings) -> None:
    """Write ``release__cluster`` from the latest release; without rows before the first."""
    from ingest.catalog_landing import PUBLISHED_CLUSTER, published_cluster_schema
    from ingest.landing import write_named
    from orchestration.release.compose import connect
    from orchestration.release.publish import DATABASE_FILE, latest_release

    schema = published_cluster_schema()
    table = schema.empty_table()
    release = latest_release(settings)
    if release is not None:
        with connect(release / DATABASE_FILE, read_only=True) as connection:
            rows = connection.sql("from marts.dim_cluster order by cluster_id").to_arrow_table().to_pylist()
        # A release of an earlier program may lack a column; it then has nothing to hold against.
        table = table.from_pylist([{**row, "release_id": release.name} for row in rows], schema)
    write_named(table, settings.raw / PUBLISHED_CLUSTER / "latest")


def refuse_vanished_clusters(settings: Settings, release: Path) -> None:
    """See that ``release``, built some time ago, has every id of the latest one before `latest` goes back to it.

    Raises:
        SourceError: ids that would vanish.
    """
    from orchestration.release.compose import connect
    from orchestration.release.publish import DATABASE_FILE, latest_release

    latest = latest_release(settings)
    if latest is None:
        return
    with connect(release / DATABASE_FILE, read_only=True) as connection:
        kept = {row[0] for row in connection.sql("select cluster_id from marts.dim_cluster").fetchall()}
    with connect(latest / DATABASE_FILE, read_only=True) as connection:
        published = connection.sql("from marts.dim_cluster order by cluster_id").to_arrow_table().to_pylist()
    problems = [
        Problem(
            f"the id {cluster['cluster_id']} ({cluster['label']}) has vanished",
            f"{cluster.get('register_file', 'clusters.csv')}, line {cluster.get('line_number', 'unknown')}",
            f"release {latest.name} published it from here, and no register file has it now",
            "every id that was ever published",
            REMEDY,
        )
        for cluster in published
        if cluster["cluster_id"] not in kept
    ]
    if problems:
        raise SourceError(problems)
