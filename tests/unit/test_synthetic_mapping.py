"""The declared synthetic mapping: what it must meet, what it must never be taken for, and that it can be made again.

Belongs here: counts taken from the committed CSV files on their own, the bytes and hashes, the outcomes in the history,
and that nothing in it is real. Does not belong here: what the warehouse makes of the rows.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import re
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

SOURCES = Path(__file__).parents[2] / "ingest" / "sources"
MAPPING = SOURCES / "cluster_mapping"
SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds" / "registry"
EDITIONS = ("2013", "2016")

PUBLISHED_2016 = {
    "sector": {
        "health": 28, "env_energy": 3, "it": 2, "auto": 2, "electronics": 6, "precision": 2, "aerospace": 2, "food": 2,
        "material": 1, "energy": 1, "nanotech": 1, "robotic": 1, "marine": 1,
    },
    "website_status": {"english_active": 9, "english_static": 18, "japanese_only": 25},
    "internationalisation_level": {
        "eu_ongoing": 14, "eu_past_2001_2012": 8, "asia_or_america_only": 10, "open_no_target": 7, "no_information": 9,
        "not_interested": 4,
    },
}  # fmt: skip
OUTCOMES_2013_2016 = {
    "survived_unchanged": 17, "survived_changed": 8, "survived_by_takeover": 2, "merged": 2, "absorbed": 2,
    "broken_up": 1, "died": 5, "out_of_scope": 1, "unknown": 7,
}  # fmt: skip

Row = dict[str, str]


@cache
def card(edition: str) -> dict[str, Any]:
    """The edition's card."""
    content = yaml.safe_load((MAPPING / edition / "source.yml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


@cache
def rows(edition: str) -> list[Row]:
    """The edition's rows under our column names, printed labels replaced by their codes."""
    columns, labels = card(edition)["columns"], card(edition)["labels"]
    return [
        {ours: labels.get(ours, {}).get(printed[name], printed[name]) for name, ours in columns.items()}
        for printed in table(MAPPING / edition / card(edition)["file"])
    ]


def table(path: Path) -> list[Row]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def maker() -> ModuleType:
    """The script that makes the rows; it stands beside the cards and is not in a package."""
    spec = importlib.util.spec_from_file_location("make_synthetic", MAPPING / "make_synthetic.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def registry(tmp_path: Path) -> dict[str, list[Row]]:
    """Clusters, decisions and events of the synthetic rows, as the script writes them."""
    maker().write_registry(tmp_path)
    return {name: table(tmp_path / f"{name}.csv") for name in ("clusters", "decisions", "events")}


@pytest.mark.parametrize("column", PUBLISHED_2016)
def test_breakdowns_of_2016_are_the_published_ones(column: str) -> None:
    assert len(rows("2016")) == 52
    assert Counter(row[column] for row in rows("2016")) == PUBLISHED_2016[column]


def test_totals_of_2013_are_the_published_ones() -> None:
    assert len(rows("2013")) == 50
    assert Counter(row["data_status"] for row in rows("2013")) == {"with_data": 45, "without_data": 5}


def test_rows_without_data_print_a_name_and_nothing_else() -> None:
    for row in rows("2013"):
        if row["data_status"] == "without_data":
            assert {name for name, text in row.items() if text} == {"entry_no", "name", "data_status"}


def test_rows_with_data_lack_none_of_the_main_values() -> None:
    main = ("name", "name_ja", "prefecture", "sector", "founded", "website", "website_status", "organisation_kind",
            "internationalisation_level", "has_english_site")  # fmt: skip
    for row in chain(rows("2016"), (row for row in rows("2013") if row["data_status"] == "with_data")):
        assert all(row[name] for name in main), f"{row['name']}: an empty value"


@pytest.mark.parametrize("edition", EDITIONS)
def test_values_of_a_row_do_not_contradict_each_other(edition: str) -> None:
    for row in rows(edition):
        level, where = row["internationalisation_level"], f"{edition}, {row['name']}"
        if not level:
            continue
        assert (row["has_english_site"] == "yes") == (row["website_status"] != "japanese_only"), where
        assert (row["organisation_kind"] == "initiative") == ("Project" in row["name"]), where
        assert row["funding_end"] == "" or int(row["founded"]) < int(row["funding_end"]), where
        assert int(row["founded"]) <= int(edition), where
        abroad = [row[name] for name in ("has_international_contact", "has_foreign_agreement", "has_office_abroad")]
        if level == "no_information":
            assert abroad == ["", "", ""], where
        if level == "not_interested":
            assert abroad == ["no", "no", "no"], where
        if level == "eu_ongoing":
            assert row["has_international_contact"] == "yes", where


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_script_makes_the_committed_bytes_and_the_card_has_their_hash(edition: str) -> None:
    committed = (MAPPING / edition / card(edition)["file"]).read_bytes()
    assert maker().edition_files()[edition] == committed, "run ingest/sources/cluster_mapping/make_synthetic.py"
    assert card(edition)["sha256"] == hashlib.sha256(committed).hexdigest()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_card_declares_invented_rows(edition: str) -> None:
    assert card(edition)["synthetic"] is True
    assert card(edition)["obtained"] == "generated"
    assert any("invented" in gap for gap in card(edition)["known_gaps"])


def test_names_can_be_taken_for_no_real_organisation() -> None:
    real = {
        text.strip().casefold()
        for path in SOURCES.glob("**/*.csv")
        # The answers of the synthetic survey are no names of organisations, and their separator is another.
        if MAPPING not in path.parents and "eu_japan_cooperation" not in path.parts
        for row in table(path)
        for text in row.values()
        if text
    }
    for row in chain(rows("2013"), rows("2016")):
        assert row["name"].endswith("(sample)")
        assert row["name_ja"] == "" or row["name_ja"].endswith("（見本）")
        bare = row["name"].removesuffix(" (sample)").casefold()
        assert not {row["name"].casefold(), bare, row["name_ja"], row["name_ja"].removesuffix("（見本）")} & real - {""}


def test_no_name_is_printed_twice() -> None:
    for edition in EDITIONS:
        assert not [name for name, n in Counter(row["name"] for row in rows(edition)).items() if n > 1]


def test_every_address_is_under_the_domain_for_examples(registry: dict[str, list[Row]]) -> None:
    sites = [row["website"] for row in chain(rows("2013"), rows("2016")) if row["website"]]
    evidence = [row["evidence_address"] for row in chain(registry["events"], registry["decisions"])]
    form = r"https://[a-z0-9-]+\.example\.org(/[a-z0-9-]+)?"
    odd = [each for each in sites + evidence if not re.fullmatch(form, each)]
    assert not odd


def test_every_row_is_placed_and_every_cluster_is_declared_synthetic(registry: dict[str, list[Row]]) -> None:
    printed = {f"cluster_mapping/{edition}/entry/{row['name']}" for edition in EDITIONS for row in rows(edition)}
    assert {row["mention_key"] for row in registry["decisions"]} == printed
    assert len(registry["decisions"]) == len(printed)
    assert {row["is_synthetic"] for row in registry["clusters"] + registry["events"]} == {"true"}


@pytest.mark.parametrize("name", ["clusters", "decisions", "events"])
def test_the_committed_register_holds_these_rows(name: str, registry: dict[str, list[Row]]) -> None:
    committed = table(SEEDS / f"{name}.csv")
    missing = [row for row in registry[name] if row not in committed]
    assert not missing, f"{name}.csv lacks {len(missing)} rows of the synthetic mapping, the first: {missing[0]}"


def test_the_history_holds_every_outcome(registry: dict[str, list[Row]]) -> None:
    cluster_of = {row["mention_key"]: row["cluster_id"] for row in registry["decisions"]}

    def at(edition: str) -> dict[str, Row]:
        listed = [row for row in rows(edition) if row.get("data_status") != "without_data"]
        return {cluster_of[f"cluster_mapping/{edition}/entry/{row['name']}"]: row for row in listed}

    before, after = at("2013"), at("2016")
    counted = Counter(outcome(each, before[each], after.get(each), registry["events"]) for each in before)
    assert counted == OUTCOMES_2013_2016


def outcome(cluster: str, old: Row, new: Row | None, events: list[Row]) -> str:
    """What became of one cluster, read from the rows with no more than one event that could end it."""
    if new is not None:
        is_same = all(old[name] == new[name] for name in ("name", "prefecture", "sector"))
        return "survived_unchanged" if is_same else "survived_changed"
    mine = {
        event["event_type"]: event
        for event in events
        if cluster in event["clusters_before"].split(";") and event["strength"] == "strong"
    }
    if "reactivation" in mine:
        return "survived_unchanged"
    if "take_over" in mine:
        assert mine["take_over"]["clusters_after"] != cluster
    ends = {
        "merger": "merged", "take_over": "absorbed", "break_up": "broken_up", "death": "died", "dormancy": "died",
        "take_over_by_new_body": "survived_by_takeover", "scope_exit": "out_of_scope",
    }  # fmt: skip
    found = [ends[each] for each in mine if each in ends]
    assert len(found) < 2, f"{cluster}: {found}"
    return found[0] if found else "unknown"
