"""What the last release says of every cluster id, landed so that the register can be held against it.

Belongs here: fetching it. Does not belong here: what must not change (``dbt_project/tests/identity``).
"""

from __future__ import annotations

from orchestration.settings import Settings


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
