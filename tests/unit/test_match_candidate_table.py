"""`stats.match_candidate` from a small warehouse: who is compared, what decisions silence, synthetic and real apart."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from analytics.topics.match_candidate import match_candidate

WORLD = """
    create schema marts; create schema reports;
    create table marts.dim_region as
        select 'JP-28' as region_code, 'Hyogo' as name_en, '兵庫県' as name_ja, true as is_current;
    create table marts.dim_cluster as select * from (values
        ('JPC-1', 'JP', 'JP-28', 2001, false), ('JPC-2', 'JP', 'JP-28', null, false),
        ('SMW-1', 'JP', 'JP-28', null, true)
    ) as t(cluster_id, country_code, region_code, founded_year, is_synthetic);
    create table marts.dim_cluster_name as select * from (values
        ('JPC-1', 'Sample Bio Cluster'), ('JPC-1', '見本バイオクラスター'), ('JPC-2', 'Sample Energy Cluster'),
        ('SMW-1', 'Sample Bio Cluster')
    ) as t(cluster_id, name);
    create table marts.fct_mention as select * from (values
        ('f/1/entry/a', 'entry', 'f/1', 'Sample Biocluster', 'Hyogo', null, null, false),
        ('f/1/entry/b', 'entry', 'f/1', '見本バイオクラスター', '兵庫県', null, null, false),
        ('f/1/entry/c', 'entry', 'f/1', 'Sample Energy Cluster', null, 'JPC-2', 'same', false),
        ('f/1/entry/d', 'entry', 'f/1', 'Sample energy clusters', null, null, null, false),
        ('f/1/entry/e', 'entry', 'f/1', 'companies of the region', null, null, 'not_identified', false),
        ('g/1/entry/a', 'entry', 'g/1', 'SAMPLE BIO CLUSTER', null, null, null, true)
    ) as t(mention_key, role, edition_id, name_printed, region_printed, cluster_id, verdict, is_synthetic);
    alter table marts.fct_mention add column country_printed varchar;
    alter table marts.fct_mention add column website_printed varchar;
    alter table marts.fct_mention add column name_en_printed varchar;
    alter table marts.fct_mention add column name_ja_printed varchar;
    create table reports.rpt_unresolved_mention as
        select mention_key, edition_id, role from marts.fct_mention where verdict is null or verdict = 'not_identified';
    create table marts.fct_decision as select * from (values
        ('f/1/entry/b', 'JPC-1', 'different', true), ('f/1/entry/a', 'JPC-1', 'different', false)
    ) as t(mention_key, cluster_id, verdict, is_live);
"""


@pytest.fixture(scope="module")
def found() -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        connection.execute(WORLD)
        return match_candidate(connection).to_pylist()


def of(found: list[dict[str, Any]], mention: str) -> dict[str, dict[str, Any]]:
    return {row["cluster_id"]: row for row in found if row["mention_key"] == mention}


def test_only_mentions_that_nobody_decided_are_there(found: list[dict[str, Any]]) -> None:
    assert {row["mention_key"] for row in found} == {"f/1/entry/a", "f/1/entry/d", "g/1/entry/a"}


def test_a_withdrawn_difference_counts_no_longer_and_a_live_one_silences(found: list[dict[str, Any]]) -> None:
    assert of(found, "f/1/entry/a")["JPC-1"]["suggestion"] == "same"
    assert "same region" in of(found, "f/1/entry/a")["JPC-1"]["reasons"]
    assert "JPC-1" not in of(found, "f/1/entry/b")


def test_a_cluster_already_placed_in_the_edition_is_shown_with_its_reason_only(found: list[dict[str, Any]]) -> None:
    row = of(found, "f/1/entry/d")["JPC-2"]
    assert row["suggestion"] == "review"
    assert "already has a decided mention in this edition" in row["reasons"]


def test_synthetic_mentions_meet_synthetic_clusters_only(found: list[dict[str, Any]]) -> None:
    assert set(of(found, "g/1/entry/a")) == {"SMW-1"}
    assert not any(row["cluster_id"] == "SMW-1" for row in found if not row["is_synthetic"])


def test_without_undecided_mentions_there_is_no_row() -> None:
    with duckdb.connect() as connection:
        connection.execute(WORLD)
        connection.execute("delete from reports.rpt_unresolved_mention")
        assert match_candidate(connection).num_rows == 0
