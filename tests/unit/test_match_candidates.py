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
from analytics.match_candidates.__main__ import main
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


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"name\nCaf\xe9\n", "not UTF-8 text (byte 8)"),
        (b"", "no complete CSV table"),
        (b'name,edition\n"Cut off,b\n', "no complete CSV table"),
        (b"name;country\nA;DE\nB;DE;x;y\n", "no complete CSV table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, sentence: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert main([str(path)]) == 1
    assert sentence in capsys.readouterr().err


def test_a_roster_without_rows_and_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("name\n", encoding="utf-8")
    assert main([str(path)]) == 0
    assert capsys.readouterr().out == "mention_key,edition,name,group_id,score,reasons\n"
    assert main([str(path), "-o", str(tmp_path / "nowhere" / "out.csv")]) == 1
    assert "out.csv: No such file or directory. Correct the path." in capsys.readouterr().err


def test_one_of_two_mentions_of_an_edition_is_suggested_and_the_other_looked_at() -> None:
    clusters = pd.DataFrame({"id": ["J1"], "name": ["Osaka Bio Quarters"], "country": ["JP"]})
    mentions = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d", "e"],
            "name": ["Osaka Bio Quarters", "Osaka Bio-Quarter", *["Osaka Bio Quarters"] * 3],
            "edition": ["2019", "2019", "2022", "2022", ""],
            "country": "JP",
        }
    )
    found = propose(mentions, clusters).set_index("mention_key")
    assert found["suggestion"].to_dict() == {"a": "same", "b": "review", "c": "review", "d": "review", "e": "same"}
    assert "another undecided mention of this edition" in found.loc["b", "reasons"]


def test_names_that_share_too_little_have_no_candidate() -> None:
    clusters = pd.DataFrame({"id": ["1"], "name": ["Bio Beta Qqq"]})
    assert propose(pd.DataFrame({"name": ["Bio Alpha Xyz"], "edition": ["a"]}), clusters).empty


def test_two_candidates_that_fit_alike_are_to_be_looked_at() -> None:
    names = ["Hokkaido Information Industry Alfa", "Hokkaido Information Industry Beta"]
    clusters = pd.DataFrame({"id": ["J1", "J2"], "name": names})
    found = propose(pd.DataFrame({"id": ["a"], "name": ["Hokkaido Information Industry"]}), clusters)
    assert found["suggestion"].tolist() == ["review", "review"]


def test_a_name_that_begins_with_the_whole_other_name_is_worth_a_look() -> None:
    clusters = pd.DataFrame({"id": ["E1", "E2"], "name": ["BioM", "波橋田大学"], "country": ["DE", "JP"]})
    mentions = pd.DataFrame({"id": ["a"], "name": ["BioM Biotech Cluster Development GmbH"], "country": ["DE"]})
    [found] = propose(mentions, clusters).to_dict("records")
    assert (found["cluster_id"], found["suggestion"]) == ("E1", "review")
    assert "one name is the first word of the other" in found["reasons"]


@pytest.mark.parametrize(
    ("one", "one_en", "other", "other_en"),
    [
        ("大阪市立大学", "Osaka City University", "大阪大学", "Osaka University"),
        ("名古屋市立大学", "Nagoya City University", "名古屋大学", "Nagoya University"),
        ("東京都立大学", "Tokyo Metropolitan University", "東京大学", "University of Tokyo"),
        ("京都府立大学", "Kyoto Prefectural University", "京都大学", "Kyoto University"),
        (
            "Новосибирский государственный технический университет",
            "Novosibirsk State Technical University",
            "Новосибирский государственный университет",
            "Novosibirsk State University",
        ),
        ("北京师范大学", "Beijing Normal University", "北京大学", "Peking University"),
    ],
)
def test_two_universities_of_a_city_stay_apart_in_two_languages(
    one: str, one_en: str, other: str, other_en: str
) -> None:
    rosters = pd.DataFrame(
        {"id": ["a", "b", "c", "d"], "name": [one, one_en, other, other_en], "edition": list("ABCD")}
    )
    assert pairs(link_mentions(rosters)) == {frozenset("ab"), frozenset("cd")}
