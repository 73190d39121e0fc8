"""People type names as they remember them; a name is found whatever its case, width, accents and signs."""

from __future__ import annotations

import duckdb
import pytest

from analytics.cluster_search import find_clusters, folded


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute("create table marts.dim_cluster (cluster_id varchar, label varchar)")
    connection.execute("create table marts.dim_cluster_name (cluster_id varchar, name varchar)")
    names = {
        "XXC-0001": ("Alpha Bio Cluster", "アルファ・バイオクラスター", "Pôle Alpha"),
        "XXC-0002": ("Twin Network",),
        "XXC-0003": ("Twin Network",),
    }
    for cluster_id, known in names.items():
        connection.execute("insert into marts.dim_cluster values (?, ?)", [cluster_id, known[0]])
        for name in known:
            connection.execute("insert into marts.dim_cluster_name values (?, ?)", [cluster_id, name])
    return connection


@pytest.mark.parametrize(
    "typed",
    [
        "alpha bio cluster",
        "ＡＬＰＨＡ　Bio-Cluster",
        "アルファバイオクラスター",
        "ｱﾙﾌｧ･ﾊﾞｲｵｸﾗｽﾀｰ",
        "pole alpha",
        "xxc-0001",
    ],
)
def test_a_name_is_found_as_it_is_typed(connection: duckdb.DuckDBPyConnection, typed: str) -> None:
    assert [each.cluster_id for each in find_clusters(connection, typed).exact] == ["XXC-0001"]


def test_namesakes_are_all_named(connection: duckdb.DuckDBPyConnection) -> None:
    assert [each.cluster_id for each in find_clusters(connection, "twin network").exact] == ["XXC-0002", "XXC-0003"]


def test_a_part_or_a_slip_finds_what_is_near_and_claims_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    for typed in ("Bio", "Alpha Bio Clutser"):
        search = find_clusters(connection, typed)
        assert search.exact == ()
        assert [each.cluster_id for each in search.near] == ["XXC-0001"]
    assert find_clusters(connection, "  ・ ").near == ()


def test_voiced_kana_are_letters_of_their_own() -> None:
    assert folded("かき") != folded("がき")
    assert folded("Ｂ＆Ｂ é") == "bbe"
