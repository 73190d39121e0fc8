"""Looking a cluster up by what people type, and what the command shows at two widths."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from rich.cells import cell_len
from rich.console import Console

from analytics.partner_finder import asked_cluster
from orchestration.partners_command import CannotAnswer, print_answer, print_refusal

WORLD = """
create schema marts;
create table marts.dim_cluster as
select * from (values
    ('JPC-9001', 'Kobe Imaginary Cluster', null, '神戸架空クラスター', 'cluster_organisation', 'JP', 'JP-28', false),
    ('JPC-9002', 'Kobe Imaginary Cluster Forum', null, null, 'support_body', 'JP', null, false),
    ('EUC-9001', 'Pôle Imaginé de Santé', null, null, 'cluster_organisation', 'FR', null, true)
) as t(cluster_id, label, name_en, name_ja, unit_kind, country_code, region_code, is_synthetic);
create table marts.dim_cluster_name as
select cluster_id, label as name from marts.dim_cluster
union all select 'JPC-9001', '神戸架空クラスター';
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(WORLD)
        yield connection


@pytest.mark.parametrize(
    ("typed", "cluster_id"),
    [
        ("jpc-9001", "JPC-9001"),
        ("ｃｌｕｓｔｅｒ　ｆｏｒｕｍ", "JPC-9002"),
        ("pole imagine de SANTE", "EUC-9001"),
        ("Pole-Imaginé", "EUC-9001"),
        ("神戸架空ｸﾗｽﾀｰ", "JPC-9001"),
        ("架空", "JPC-9001"),
        ("kobe imaginary cluster", "JPC-9001"),
        ("cluster forum", "JPC-9002"),
    ],
)
def test_a_cluster_is_found_as_people_type_it(
    connection: duckdb.DuckDBPyConnection, typed: str, cluster_id: str
) -> None:
    found = asked_cluster(connection, typed).cluster
    assert found is not None, typed
    assert found["cluster_id"] == cluster_id


def test_several_are_listed_and_none_gives_the_nearest(connection: duckdb.DuckDBPyConnection) -> None:
    several = asked_cluster(connection, "kobe")
    assert [row["cluster_id"] for row in several.several] == ["JPC-9001", "JPC-9002"]
    nearest = asked_cluster(connection, "Kobe Imagnary Clutser")
    assert (nearest.cluster, nearest.several) == (None, ())
    assert nearest.nearest[0] == "Kobe Imaginary Cluster (JPC-9001)"


@pytest.mark.parametrize("nothing", ["", " ", "-", "k"])
def test_nothing_names_no_cluster(connection: duckdb.DuckDBPyConnection, nothing: str) -> None:
    asked = asked_cluster(connection, nothing)
    assert (asked.cluster, asked.several) == (None, ())


def answer() -> dict[str, Any]:
    reason = {
        "rule_code": "sector_same",
        "points": 30.0,
        "reason_en": "Same sector: health",
        "reason_ja": "同じ分野：health",
        "evidence_row_id": "a_source_with_a_very_long_name-generation-2#123",
    }
    return {
        "release": "r0123456789ab",
        "cluster": {
            "cluster_id": "EUC-9001",
            "label": "Pôle Imaginé de Santé",
            "name_ja": None,
            "unit_kind": "cluster_organisation",
            "country_code": "FR",
            "region_code": None,
            "is_synthetic": True,
        },
        "ties": [],
        "no_candidate_reason": None,
        "candidates": [
            {
                "candidate_rank": 1,
                "candidate_cluster_id": "JPC-9001",
                "candidate_label": "Kobe Imaginary Cluster [test]",
                "candidate_name_ja": "神戸架空クラスター推進協議会連絡会議事務局",
                "candidate_country_codes": "JP",
                "candidate_region_code": "JP-28",
                "score": 30.0,
                "is_tied": True,
                "reasons": [reason],
            }
        ],
    }


def shown(width: int, *, in_japanese: bool = False) -> str:
    stream = io.StringIO()
    print_answer(Console(file=stream, width=width), answer(), in_japanese=in_japanese)
    return stream.getvalue()


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_table_fits_its_terminal_and_loses_nothing(width: int) -> None:
    text = shown(width)
    assert max(cell_len(line) for line in text.splitlines()) <= width
    # A cell goes over several lines; its column read downwards is the cell again.
    rows = [line.split("│")[1:-1] for line in text.splitlines() if line.startswith("│")]
    _, candidate, score, reasons = ("".join("".join(column).split()) for column in zip(*rows, strict=True))
    assert candidate.startswith("KobeImaginaryCluster[test]神戸架空クラスター推進協議会連絡会議事務局JPC-9001,JP,JP-28")
    assert candidate.endswith("partnersalready")
    assert score == "30"
    assert reasons == "+30Samesector:health[a_source_with_a_very_long_name-generation-2#123]"
    assert "Release r0123456789ab; synthetic (made up)." in text
    assert "…" not in text


def test_reasons_are_given_in_japanese_on_request() -> None:
    assert "同じ分野：health" in shown(140, in_japanese=True)


def test_a_refusal_lists_what_may_have_been_meant() -> None:
    stream = io.StringIO()
    matches = tuple(answer()["cluster"] | {"cluster_id": f"EUC-{number}"} for number in range(9001, 9021))
    print_refusal(Console(file=stream, width=120), CannotAnswer("'x' fits 20 clusters.", matches))
    lines = stream.getvalue().splitlines()
    assert lines[1] == "  EUC-9001  Pôle Imaginé de Santé (cluster organisation, FR, synthetic)"
    assert lines[-1] == "  ... and 5 more"
