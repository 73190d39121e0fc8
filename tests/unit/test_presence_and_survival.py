"""Presence, survival and entry never contradict each other, whatever was listed and whatever events are recorded.

Belongs here: the models of outcomes run on worlds of random listings and events. Does not belong here: which outcome is
right, which is worked out by hand in the unit tests beside the models and in the small world.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from tests.unit.model_runner import DBT, rendered_file, run_models

CLUSTERS = 300
EDITIONS = [date(2008, 3, 31), date(2010, 3, 31), date(2011, 3, 31), date(2014, 3, 31), date(2016, 3, 31)]
ALONE = ("death", "dormancy", "reactivation", "scope_exit", "scope_entry", "birth")
WITH_OTHERS = ("merger", "take_over", "take_over_by_new_body", "break_up")
MODELS = (
    "int_cluster_exit", "int_cluster_creation", "int_edition_pair", "int_survival_pair", "int_survival_evidence",
    "int_survival_carrier", "int_survival_outcome",
    "int_presence_cell", "int_presence_evidence", "fct_cluster_presence", "dim_cluster", "fct_cluster_survival",
    "fct_cluster_entry",
)  # fmt: skip


def world(seed: int) -> dict[str, list[dict[str, Any]]]:
    """Editions, clusters with founding years and listings, and up to three dated events for each."""
    draw = random.Random(seed)  # noqa: S311
    editions = [
        {"edition_id": f"f/{n}", "family": "f", "edition_order": n, "has_entries": True, "is_synthetic": False,
         "reference_date": day, "scope_rule": "all"}
        for n, day in enumerate(EDITIONS)
    ]  # fmt: skip
    clusters, listings, events, members = [], [], [], []
    for n in range(CLUSTERS):
        name, founded = f"C{n:03}", draw.choice([None, 2000, draw.randrange(2005, 2018)])
        clusters.append({"cluster_id": name, "unit_kind": "initiative", "founded_year": founded, "is_synthetic": False})
        for edition in editions:
            if draw.random() < 0.5:
                listed = draw.random() < 0.9
                listings.append({
                    "cluster_id": name, "family": "f", "edition_id": edition["edition_id"], "name_key": name,
                    "edition_order": edition["edition_order"], "reference_date": edition["reference_date"],
                    "is_listed": listed, "is_inferred": not listed, "founded_year": founded, "is_synthetic": False,
                })  # fmt: skip
        for k in range(draw.randrange(4)):
            kind, first = draw.choice(ALONE + WITH_OTHERS), date(2006, 1, 1) + timedelta(days=draw.randrange(4400))
            last = first + timedelta(days=draw.choice([0, 0, 30, 900]))
            events.append({
                "event_id": f"E{n:03}{k}", "event_type": kind, "date_earliest": first, "date_latest": last,
                "strength": draw.choice(["strong", "strong", "weak"]), "evidence_kind": "document",
            })  # fmt: skip
            before = [] if kind == "birth" else [name]
            after = {"death": [], "birth": [name]}.get(kind, [name] if kind in ALONE else [f"C{(n + 1) % CLUSTERS:03}"])
            members += [{"event_id": f"E{n:03}{k}", "side": "before", "cluster_id": each} for each in before]
            members += [{"event_id": f"E{n:03}{k}", "side": "after", "cluster_id": each} for each in after]
    return {"int_edition": editions, "int_cluster": clusters, "int_listing": listings,
            "stg_registry__event": events, "stg_registry__event_member": members}  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2, 3])
def built(request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    return run_models(world(request.param), ("event_type", "survival_outcome"), MODELS)


@pytest.mark.parametrize("rule", ["presence_agrees_with_survival", "every_pair_has_one_outcome"])
def test_no_row_breaks_the_rule_of_the_build(built: duckdb.DuckDBPyConnection, rule: str) -> None:
    built.execute("create or replace view dim_edition as select * from int_edition")
    assert built.execute(rendered_file(DBT / f"tests/identity/{rule}.sql")).fetchall() == []


def test_the_worlds_hold_every_outcome_status_and_most_entries(built: duckdb.DuckDBPyConnection) -> None:
    count = "select count(distinct {}) from {}"
    assert built.execute(count.format("outcome_code", "int_survival_outcome")).fetchone() == (8,)  # no other names
    assert built.execute(count.format("presence_status", "fct_cluster_presence")).fetchone() == (6,)
    [(entries,)] = built.execute(count.format("entry_code", "fct_cluster_entry")).fetchall()
    assert entries >= 6


def test_whoever_is_listed_came_in_in_one_way_and_continued_if_it_survived(built: duckdb.DuckDBPyConnection) -> None:
    wrong = built.execute("""
        select entry.cluster_id, entry.entry_code, survival.outcome_code
        from fct_cluster_entry as entry
        left join fct_cluster_survival as survival
            on entry.cluster_id = survival.cluster_id and entry.from_edition_id = survival.from_edition_id
            and entry.to_edition_id = survival.to_edition_id and survival.is_at_risk
        where (entry.entry_code = 'continued') <> coalesce(survival.is_survivor, false)
    """).fetchall()
    assert wrong == []
    doubled = built.execute("""
        select cluster_id from fct_cluster_entry group by cluster_id, from_edition_id, to_edition_id having count(*) > 1
    """).fetchall()
    assert doubled == []
