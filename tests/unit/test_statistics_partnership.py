"""The network tables from the small world of the analytics tests: two real ties of one party, one made-up tie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from analytics.topics.partnership import (
    partnership_network_party,
    partnership_network_summary,
    partnership_projection,
)

WORLD = Path(__file__).parents[1] / "golden" / "analytics_world.sql"
Found = Callable[[Any], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def found() -> Iterator[Found]:
    with duckdb.connect() as connection:
        connection.execute(WORLD.read_text(encoding="utf-8"))
        yield lambda build: build(connection).to_pylist()


def test_made_up_ties_make_a_network_of_their_own(found: Found) -> None:
    whole = {row["is_synthetic"]: row for row in found(partnership_network_summary) if row["domain_kind"] == "all"}
    sizes = {key: (row["n_ties"], row["n_parties_jp"], row["n_parties_eu"]) for key, row in whole.items()}
    assert sizes == {False: (2, 1, 2), True: (1, 1, 1)}
    assert (whole[False]["n_rows_left_out"], whole[False]["left_out"]) == (1, '"A Harbour City" is no cluster')
    assert (whole[True]["n_rows_left_out"], whole[True]["left_out"]) == (0, None)


def test_a_tie_without_a_sector_is_counted_as_not_stated(found: Found) -> None:
    real = [row for row in found(partnership_network_summary) if not row["is_synthetic"]]
    sectors = {row["domain"]: row["n_ties"] for row in real if row["domain_kind"] == "sector"}
    countries = {row["domain"]: row["n_ties"] for row in real if row["domain_kind"] == "country"}
    assert sectors == {"marine": 1, "not stated": 1}
    assert countries == {"DE": 1, "FR": 1, "IT": 1}


def test_degree_component_and_programmes_of_each_party(found: Found) -> None:
    parties = {
        row["cluster_id"]: (row["side"], row["degree"], row["component_id"], row["component_parties"])
        for row in found(partnership_network_party)
    }
    assert parties == {
        "JPC-0060": ("JP", 2, 1, 3),
        "EUC-0001": ("EU", 1, 1, 3),
        "EUC-0002": ("EU", 1, 1, 3),
        "JPC-0001": ("JP", 1, 1, 2),
        "EUC-0003": ("EU", 1, 1, 2),
    }
    programmes = {row["cluster_id"]: row["n_programmes"] for row in found(partnership_network_party)}
    assert (programmes["JPC-0060"], programmes["EUC-0001"], programmes["EUC-0002"]) == (1, 1, 0)


def test_countries_are_linked_by_the_japanese_party_they_share(found: Found) -> None:
    rows = [row for row in found(partnership_projection) if not row["is_synthetic"]]
    countries = {(row["group_a"], row["group_b"]): row for row in rows if row["projection"] == "country"}
    assert {pair: row["n_ties"] for pair, row in countries.items()} == {
        ("DE", "FR"): 2,
        ("DE", "IT"): 2,
        ("FR", "IT"): 1,
    }
    assert {row["shared_partners"] for row in countries.values()} == {"JPC-0060"}
    crossed = {(row["group_a"], row["group_b"]): row["n_ties"] for row in rows if "prefecture_c" in row["projection"]}
    assert crossed == {("JP-27", "DE"): 1, ("JP-27", "FR"): 1, ("JP-27", "IT"): 1}
