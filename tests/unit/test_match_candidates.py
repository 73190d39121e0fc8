"""Candidates and groups: what is proposed, what is silenced, one per edition, free of the order of rows."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.match_candidates import link_mentions, propose
from analytics.match_candidates.evidence import weights_of_evidence

VARIANTS = Path(__file__).parents[2] / "ingest" / "sources" / "name_variants" / "2020" / "name_variants_2020.csv"
# Public names of public bodies in two languages or spellings; no two rows are one body.
BODIES = (
    ("Universität Wien", "University of Vienna"),
    ("Technische Universität Wien", "Vienna University of Technology"),
    ("Wirtschaftsuniversität Wien", "Vienna University of Economics and Business"),
    ("Medizinische Universität Wien", "Medical University of Vienna"),
    ("Università di Bologna", "University of Bologna"),
    ("Politecnico di Milano", "Polytechnic University of Milan"),
    ("Università degli Studi di Milano", "University of Milan"),
    ("Helsingin yliopisto", "University of Helsinki"),
    ("Uniwersytet Warszawski", "University of Warsaw"),
    ("Warszawski Uniwersytet Medyczny", "Medical University of Warsaw"),
    ("Univerzita Karlova", "Charles University"),
    ("Karolinska universitetssjukhuset", "Karolinska University Hospital"),
    ("東京大学", "The University of Tokyo"),
    ("東京工業大学", "Tokyo Institute of Technology"),
    ("京都大学", "Kyoto University"),
    ("京都工芸繊維大学", "Kyoto Institute of Technology and Textile Crafts"),
    ("理化学研究所 (RIKEN)", "RIKEN"),
    ("Consiglio Nazionale delle Ricerche (CNR)", "CNR"),
    ("Centre national de la recherche scientifique", "CNRS"),
    ("Consejo Superior de Investigaciones Científicas (CSIC)", "CSIC"),
    ("Bundesministerium für Gesundheit", "Federal Ministry of Health"),
    ("Ministerio de Sanidad", "Ministry of Health (Spain)"),
    ("Αριστοτέλειο Πανεπιστήμιο Θεσσαλονίκης", "Aristotle University of Thessaloniki"),
    ("Московский физико-технический институт", "Moscow Institute of Physics and Technology"),
    ("서울대학교", "Seoul National University"),
    ("北京大学", "Peking University"),
    ("İstanbul Teknik Üniversitesi", "Istanbul Technical University"),
    ("Magyar Tudományos Akadémia", "Hungarian Academy of Sciences"),
)


def two_rosters() -> pd.DataFrame:
    rows = [
        {"id": f"{number}-{side}", "name": name, "edition": side}
        for number, names in enumerate(BODIES)
        for side, name in zip("AB", names, strict=True)
    ]
    return pd.DataFrame(rows)


def pairs(groups: pd.DataFrame) -> set[frozenset[str]]:
    listed = groups.groupby("group_id")["mention_key"].apply(list)
    return {frozenset(members) for members in listed if len(members) > 1}


@pytest.fixture(scope="module")
def linked() -> pd.DataFrame:
    return link_mentions(two_rosters())


def test_bodies_under_two_names_are_found(linked: pd.DataFrame) -> None:
    right = {frozenset((f"{number}-A", f"{number}-B")) for number in range(len(BODIES))}
    found = pairs(linked)
    assert len(found & right) >= len(BODIES) - 4, sorted(map(sorted, right - found))
    assert len(found - right) <= 1, sorted(map(sorted, found - right))


def test_no_group_holds_two_mentions_of_an_edition(linked: pd.DataFrame) -> None:
    assert not linked.duplicated(["group_id", "edition"]).any()
    twice = pd.DataFrame({"name": ["Kobe Cluster", "Kobe Cluster", "Kobe Cluster"], "edition": ["A", "A", "B"]})
    assert sorted(link_mentions(twice)["group_id"].value_counts()) == [1, 2]


def test_every_link_says_why(linked: pd.DataFrame) -> None:
    sizes = linked.groupby("group_id")["group_id"].transform("size")
    assert (linked.loc[sizes > 1, "reasons"] != "").all()
    assert (linked.loc[sizes == 1, "reasons"] == "").all()


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(random: object) -> None:
    rows = two_rosters().iloc[:20]
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    mixed = rows.iloc[order].reset_index(drop=True)
    assert pairs(link_mentions(mixed)) == pairs(link_mentions(rows))
    clusters = pd.DataFrame({"cluster_id": rows["id"], "name": rows["name"]})
    one = propose(rows, clusters)
    other = propose(mixed, clusters.iloc[order])
    pd.testing.assert_frame_equal(one, other)


def test_a_score_is_the_same_from_either_side() -> None:
    rows = two_rosters().drop(columns="edition")
    clusters = rows.rename(columns={"id": "cluster_id"})
    found = propose(rows, clusters, limit=99)
    scores = {(row.mention_key, row.cluster_id): row.score for row in found.itertuples()}
    both = [(one, other) for one, other in scores if one < other and (other, one) in scores]
    assert len(both) > 50
    assert all(scores[one, other] == scores[other, one] for one, other in both)


def test_known_variants_find_their_body_first() -> None:
    with VARIANTS.open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["entity_kind"] in {"organisation", "partnership"}]
    bodies = sorted({row["canonical_name"] for row in listed})
    clusters = pd.DataFrame({"cluster_id": bodies, "name": bodies})
    mentions = pd.DataFrame(
        {"id": [str(number) for number in range(len(listed))], "name": [row["variant"] for row in listed]}
    )
    found = propose(mentions, clusters)
    first = found[found["rank"] == 1].set_index("mention_key")["cluster_id"]
    missed = [row["variant"] for number, row in enumerate(listed) if first.get(str(number)) != row["canonical_name"]]
    assert len(missed) <= 0.08 * len(listed), missed


CLUSTERS = pd.DataFrame(
    {
        "cluster_id": ["JPC-1", "JPC-1", "EUC-2", "EUC-3"],
        "name": ["Sample Bio Cluster", "見本バイオクラスター", "Sample Bio Cluster", "Another Energy Network"],
        "country_code": ["JP", "JP", "DE", "DE"],
        "website": ["https://sample-bio.example.org", "", "", ""],
    }
)


def test_another_country_and_another_field_speak_against() -> None:
    mention = pd.DataFrame({"name": ["Sample Biocluster"], "country": ["Japan"]})
    found = propose(mention, CLUSTERS)
    assert found["cluster_id"].tolist()[:2] == ["JPC-1", "EUC-2"]
    assert found["suggestion"].tolist()[0] == "same"
    assert "another country" in found["reasons"].tolist()[1]


def test_a_different_decision_silences_and_a_taken_cluster_comes_with_its_reason() -> None:
    mention = pd.DataFrame({"mention_key": ["m"], "name": ["Sample Bio Cluster"], "country": ["JP"]})
    silent = propose(mention, CLUSTERS, silenced=frozenset({("m", "JPC-1")}))
    assert "JPC-1" not in set(silent["cluster_id"])
    taken = propose(mention, CLUSTERS, taken=frozenset({("m", "JPC-1")})).set_index("cluster_id")
    free = propose(mention, CLUSTERS).set_index("cluster_id")
    assert free.loc["JPC-1", "suggestion"] == "same"
    assert taken.loc["JPC-1", "suggestion"] != "same"
    assert taken.loc["JPC-1", "score"] == pytest.approx(1 + weights_of_evidence()["taken_in_edition"][0], abs=0.1)
    assert "at most one" in taken.loc["JPC-1", "reasons"]


def test_the_same_web_domain_is_said_first() -> None:
    mention = pd.DataFrame({"name": ["Sample Cluster"], "url": ["http://www.sample-bio.example.org/en"]})
    first = propose(mention, CLUSTERS).iloc[0]
    assert first["cluster_id"] == "JPC-1"
    assert first["reasons"].startswith(("same web domain", "71 %")) or "same web domain" in first["reasons"]


def test_a_file_without_names_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("colour,size\nred,3\n", encoding="utf-8")
    command = [sys.executable, "-m", "analytics.match_candidates", str(tmp_path / "list.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no column holds the names" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_strangers_rosters_are_grouped_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "Roster;Organisation;Land\nA;Universität Wien;Österreich\nB;University of Vienna;AT\nB;TU Graz;AT\n",
        encoding="utf-8",
    )
    out = tmp_path / "out.csv"
    command = [sys.executable, "-m", "analytics.match_candidates", str(tmp_path / "list.csv"), "-o", str(out)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    groups = pd.read_csv(out)["group_id"].tolist()
    assert groups[0] == groups[1] != groups[2]


def test_names_without_a_letter_stay_alone() -> None:
    rows = pd.DataFrame({"name": ["", "!!!", "Kobe Cluster", ""], "edition": ["A", "B", "C", "D"]})
    assert link_mentions(rows)["group_id"].nunique() == 4
    assert propose(rows.iloc[:2], rows.iloc[:2]).empty
    assert propose(rows.iloc[:0], rows).empty
