"""The network of Japanese and European partners: `stats.partnership_network_party`, `_summary` and `_projection`.

Belongs here: which ties of `marts.fct_partnership_tie` make a network and how its parties are grouped. Does not belong
here: the arithmetic (`analytics.statistics.network`) and which rows make a tie (the models).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from analytics.estimate import Column, Row, StatTable, fetch_rows
from analytics.statistics.network import TwoModeNetwork, crossed_groups, projected_links

if TYPE_CHECKING:
    import duckdb
    import pyarrow

METHOD_VERSION = "partnership-1"
NOT_STATED = "not stated"
SYNTHETIC = Column("is_synthetic", "bool", "True for the network of made-up clusters; real ties are never in it.")
VERSION = Column("method_version", "string", "Version of the method; it changes whenever numbers would.")

PARTY = StatTable(
    "partnership_network_party",
    "One row per cluster with a tie across the regions: how many partners it has and which others it is connected to.",
    (
        Column("cluster_id", "string", "Cluster."),
        Column("label", "string", "Its label in the register."),
        Column("side", "string", "`JP` for the Japanese side, `EU` for the European side."),
        Column("degree", "int64", "Number of partners on the other side."),
        Column("component_id", "int64", "Connected component, 1 is the one with most parties."),
        Column("component_parties", "int64", "Number of parties in that component, the cluster included."),
        Column("n_programmes", "int64", "Number of different programmes under which its ties stand."),
        VERSION,
        SYNTHETIC,
    ),
    ("cluster_id",),
)
SUMMARY = StatTable(
    "partnership_network_summary",
    "One row per part of the network of Japanese and European partners: all ties, or those of a sector, a programme, a "
    "prefecture or a country. A tie with two sectors is in both parts, so the parts do not add up.",
    (
        Column("domain_kind", "string", "`all`, `sector`, `programme`, `prefecture` or `country`."),
        Column("domain", "string", "Code of the part, `all`, or `not stated` for the ties without one."),
        Column("n_ties", "int64", "Pairs of a Japanese and a European cluster."),
        Column("n_parties_jp", "int64", "Japanese clusters with a tie."),
        Column("n_parties_eu", "int64", "European clusters with a tie."),
        Column("density", "double", "Ties over possible ties between these parties, 0 to 1."),
        Column("n_components", "int64", "Connected components."),
        Column("largest_component_parties", "int64", "Parties in the largest component."),
        Column("n_rows_left_out", "int64", "Printed rows that name two sides but not two decided clusters; for `all`."),
        Column("left_out", "string", "Who could not be counted, as the rows say; for `all`."),
        VERSION,
        SYNTHETIC,
    ),
    ("is_synthetic", "domain_kind", "domain"),
)
PROJECTION = StatTable(
    "partnership_projection",
    "One row per pair of groups that the ties link: a prefecture and a country by the ties between them; two "
    "prefectures, two countries or two sectors by the partners that they share.",
    (
        Column("projection", "string", "`prefecture_country`, `prefecture`, `country` or `sector`."),
        Column("group_a", "string", "First group: the prefecture, or the first of two by code."),
        Column("group_b", "string", "Second group: the country, or the second of two by code."),
        Column("n_ties", "int64", "Ties between the groups, or of the shared partners into either of the two groups."),
        Column("n_shared_partners", "int64", "Clusters with ties into both; null for a prefecture and a country."),
        Column("shared_partners", "string", "Their ids, joined by `; `."),
        VERSION,
        SYNTHETIC,
    ),
    ("is_synthetic", "projection", "group_a", "group_b"),
)

TIES = """
select cluster_id_jp, label_jp, cluster_id_eu, label_eu, jp_prefecture_code, partner_country_codes, sector_codes,
    programme_codes, is_synthetic
from marts.fct_partnership_tie
order by tie_id
"""
LEFT_OUT = """
select left_out_reason, is_synthetic from marts.bridge_partnership_tie
where basis = 'left_out' order by left_out_reason, tie_row_id
"""
DOMAINS = {
    "sector": "sector_codes",
    "programme": "programme_codes",
    "prefecture": "jp_prefecture_code",
    "country": "partner_country_codes",
}


def partnership_network_party(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Degree, component and programmes of every cluster with a tie."""
    return PARTY.to_arrow(
        row | {"method_version": METHOD_VERSION, "is_synthetic": is_synthetic}
        for is_synthetic, ties in _worlds(connection)
        for row in _party_rows(ties)
    )


def partnership_network_summary(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Size, density and components of the whole network and of its parts, with what was left out."""
    left_out = fetch_rows(connection, LEFT_OUT)
    return SUMMARY.to_arrow(
        row | {"method_version": METHOD_VERSION, "is_synthetic": is_synthetic}
        for is_synthetic, ties in _worlds(connection)
        for row in _summary_rows(ties, [each for each in left_out if each["is_synthetic"] == is_synthetic])
    )


def partnership_projection(connection: duckdb.DuckDBPyConnection) -> pyarrow.Table:
    """Groups linked by ties or by shared partners."""
    return PROJECTION.to_arrow(
        row | {"method_version": METHOD_VERSION, "is_synthetic": is_synthetic}
        for is_synthetic, ties in _worlds(connection)
        for row in _projection_rows(ties)
    )


def _worlds(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[bool, list[Row]]]:
    """The real ties and the made-up ones, never together."""
    ties = fetch_rows(connection, TIES)
    for is_synthetic in (False, True):
        found = [tie for tie in ties if tie["is_synthetic"] == is_synthetic]
        if found or not is_synthetic:
            yield is_synthetic, found


def _network(ties: Iterable[Row]) -> TwoModeNetwork:
    return TwoModeNetwork(frozenset((tie["cluster_id_jp"], tie["cluster_id_eu"]) for tie in ties))


def _codes(text: str | None) -> list[str]:
    """The codes that a mart joins in one cell."""
    return text.split("; ") if text else []


def _party_rows(ties: list[Row]) -> Iterator[Row]:
    network = _network(ties)
    component_of = {party: component for component in network.components() for party in component.parties}
    for side, degrees in zip(("jp", "eu"), network.degrees(), strict=True):
        labels = {tie[f"cluster_id_{side}"]: tie[f"label_{side}"] for tie in ties}
        programmes = Counter(
            party
            for party, _ in {
                (tie[f"cluster_id_{side}"], code) for tie in ties for code in _codes(tie["programme_codes"])
            }
        )
        for party, degree in degrees.items():
            yield {
                "cluster_id": party,
                "label": labels[party],
                "side": side.upper(),
                "degree": degree,
                "component_id": component_of[party].number,
                "component_parties": len(component_of[party].parties),
                "n_programmes": programmes[party],
            }


def _summary_rows(ties: list[Row], left_out: list[Row]) -> Iterator[Row]:
    whole = {
        "n_rows_left_out": len(left_out),
        "left_out": " | ".join(dict.fromkeys(row["left_out_reason"] for row in left_out)) or None,
    }
    parts: dict[tuple[str, str], list[Row]] = {("all", "all"): ties}
    for kind, column in DOMAINS.items():
        for tie in ties:
            for code in _codes(tie[column]) or [NOT_STATED]:
                parts.setdefault((kind, code), []).append(tie)
    for (kind, code), part in parts.items():
        network = _network(part)
        components = network.components()
        yield {
            "domain_kind": kind,
            "domain": code,
            "n_ties": len(network.ties),
            "n_parties_jp": len(network.left),
            "n_parties_eu": len(network.right),
            "density": network.density,
            "n_components": len(components),
            "largest_component_parties": len(components[0].parties) if components else 0,
            **(whole if kind == "all" else {}),
        }


def _projection_rows(ties: list[Row]) -> Iterator[Row]:
    pairs = {(tie["cluster_id_jp"], tie["cluster_id_eu"]): tie for tie in ties}
    prefectures = {jp: _codes(tie["jp_prefecture_code"]) for (jp, _), tie in pairs.items()}
    countries = {eu: _codes(tie["partner_country_codes"]) for (_, eu), tie in pairs.items()}
    for (prefecture, country), found in crossed_groups(pairs, prefectures, countries).items():
        yield {
            "projection": "prefecture_country",
            "group_a": prefecture,
            "group_b": country,
            "n_ties": len(found),
        }
    reaching = {
        "prefecture": [(pair, pair[1], code) for pair in pairs for code in prefectures[pair[0]]],
        "country": [(pair, pair[0], code) for pair in pairs for code in countries[pair[1]]],
        "sector": [
            (pair, party, code) for pair, tie in pairs.items() for party in pair for code in _codes(tie["sector_codes"])
        ],
    }
    for projection, steps in reaching.items():
        for link in projected_links(steps):
            yield {
                "projection": projection,
                "group_a": link.group_a,
                "group_b": link.group_b,
                "n_ties": len(link.ties),
                "n_shared_partners": len(link.shared),
                "shared_partners": "; ".join(link.shared),
            }
