"""The register of identity, checked as the CSV files an editor changes.

Belongs here: what must hold in ``clusters.csv``, ``decisions.csv``, ``events.csv`` and ``corrections.csv``, and that
every mention of the bundled sources is decided. Does not belong here: what the warehouse makes of the register.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from tests.rules.printed_mentions import mentions, printed_rows

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "dbt_project" / "seeds"

Row = dict[str, str]

HEADERS = {
    "registry/clusters.csv": "cluster_id unit_kind label country_code is_synthetic minted_on note",
    "registry/decisions.csv": (
        "mention_key cluster_id verdict reason evidence_address decided_by decided_on withdrawn_on withdrawn_reason"
    ),
    "registry/events.csv": (
        "event_id event_type clusters_before clusters_after date_earliest date_latest evidence_kind evidence_address "
        "strength is_synthetic recorded_by recorded_on note"
    ),
    "corrections/corrections.csv": (
        "correction_id family edition entry_key column_name expected_value corrected_value reason evidence_address "
        "decided_by decided_on withdrawn_on withdrawn_reason"
    ),
    "registry/survey_questions.csv": (
        "survey_code wave question_code verdict earlier_wave earlier_question_code reason evidence_address "
        "decided_by decided_on withdrawn_on withdrawn_reason"
    ),
}
WITHOUT_CLUSTER = {"not_a_cluster", "not_identified"}
VERDICTS = {"same", "different", "unsure"} | WITHOUT_CLUSTER
PLACING = {"same"} | WITHOUT_CLUSTER
EVIDENCE_KINDS = {
    "official_notice", "successor_page", "funding_end", "site_dead", "archived_page", "e_mail", "roster",
    "document",
}  # fmt: skip

# Mentions that no decision can place yet, each with the reason a reader should see.
EXPLAINED: dict[str, str] = {}


@cache
def rows_of(name: str) -> list[Row]:
    """Rows of one seed."""
    with (SEEDS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def clusters() -> list[Row]:
    """Rows of the cluster register."""
    return rows_of("registry/clusters.csv")


def decisions(*, live: bool = False) -> list[Row]:
    """Rows of the decision register, all or those withdrawn neither on their row nor by a later copy of it."""
    rows, withdrawn = [], set()
    for row in reversed(rows_of("registry/decisions.csv")):
        place = row["mention_key"], row["cluster_id"], row["verdict"], row["decided_on"]
        if row["withdrawn_on"]:
            withdrawn.add(place)
        if not (live and place in withdrawn):
            rows.append(row)
    return rows[::-1]


def events() -> list[Row]:
    """Rows of the event register."""
    return rows_of("registry/events.csv")


def corrections() -> list[Row]:
    """Rows of the correction register."""
    return rows_of("corrections/corrections.csv")


def listed(problems: Iterable[str]) -> str:
    """Problems as the message of an assertion."""
    return "\n".join(problems)


def edition_of(mention_key: str) -> str:
    """Family and edition of a mention: ``kansai_clusters/2019-04`` of ``kansai_clusters/2019-04/entry/...``."""
    return "/".join(mention_key.split("/")[:2])


def members(event: Row, side: str) -> list[str]:
    """Cluster ids on one side of an event: ``before`` or ``after``."""
    return [each for each in event[f"clusters_{side}"].split(";") if each]


def all_members(event: Row) -> list[str]:
    """Cluster ids on both sides of an event."""
    return members(event, "before") + members(event, "after")


@pytest.mark.parametrize("name", HEADERS)
def test_header_is_the_registers(name: str) -> None:
    with (SEEDS / name).open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == HEADERS[name].split(), f"{name}: the header differs from the register's"


def test_rows_are_sorted_so_that_a_change_reads_as_a_diff() -> None:
    for name, key in (
        ("registry/clusters.csv", ["cluster_id"]),
        ("registry/decisions.csv", ["mention_key", "cluster_id"]),
        ("registry/events.csv", ["event_id"]),
        ("corrections/corrections.csv", ["correction_id"]),
    ):
        order = [[row[column] for column in key] for row in rows_of(name)]
        assert order == sorted(order), f"{name}: sort the rows by {' then '.join(key)}"


def test_ids_have_their_form_and_are_given_once() -> None:
    for rows, column, form in (
        (clusters(), "cluster_id", r"(JPC|EUC)-\d{4}"),
        (events(), "event_id", r"EVT-\d{4}"),
        (corrections(), "correction_id", r"COR-\d{4}"),
    ):
        ids = [row[column] for row in rows]
        odd = [each for each in ids if not re.fullmatch(form, each)]
        twice = [each for each, count in Counter(ids).items() if count > 1]
        assert not odd, f"{column} must look like {form}: {odd}"
        assert not twice, f"{column} given twice: {twice}"


def test_clusters_are_of_a_known_kind_and_used_or_noted() -> None:
    kinds = {row["unit_kind"] for row in rows_of("codes/unit_kind.csv")}
    used = {row["cluster_id"] for row in decisions()} | set(chain.from_iterable(all_members(row) for row in events()))
    problems = [
        f"{row['cluster_id']}: unknown unit_kind {row['unit_kind']}"
        for row in clusters()
        if row["unit_kind"] not in kinds
    ]
    problems += [
        f"{row['cluster_id']} ({row['label']}): no decision and no event names it, and no note says why it is kept"
        for row in clusters()
        if row["cluster_id"] not in used and not row["note"]
    ]
    problems += [f"{row['cluster_id']}: no label" for row in clusters() if not row["label"]]
    assert not problems, listed(problems)


def test_decisions_are_complete() -> None:
    known = {row["cluster_id"] for row in clusters()}
    problems = []
    for row in decisions():
        where = f"{row['mention_key']} -> {row['cluster_id'] or 'nothing'}"
        if row["verdict"] not in VERDICTS:
            problems.append(f"{where}: unknown verdict {row['verdict']}")
        if (row["verdict"] in WITHOUT_CLUSTER) != (row["cluster_id"] == ""):
            problems.append(
                f"{where}: not_a_cluster and not_identified have no cluster id, every other verdict has one"
            )
        if row["cluster_id"] and row["cluster_id"] not in known:
            problems.append(f"{where}: the cluster is not in clusters.csv")
        problems += [
            f"{where}: {name} is empty" for name in ("reason", "evidence_address", "decided_by") if not row[name]
        ]
    assert not problems, listed(problems)


def test_one_live_verdict_places_a_mention() -> None:
    count = Counter(row["mention_key"] for row in decisions(live=True) if row["verdict"] in PLACING)
    twice = [key for key, n in count.items() if n > 1]
    assert not twice, (
        "withdraw all but one of the live verdicts 'same', 'not_a_cluster' and 'not_identified' of: " + listed(twice)
    )


def test_a_mention_and_a_cluster_have_one_live_verdict() -> None:
    verdicts = defaultdict(list)
    for row in decisions(live=True):
        verdicts[row["mention_key"], row["cluster_id"]].append(row["verdict"])
    problems = [
        f"{mention} and {cluster}: {' and '.join(found)}"
        for (mention, cluster), found in verdicts.items()
        if len(found) > 1
    ]
    assert not problems, "more than one live verdict on one pair:\n" + listed(problems)


def test_every_bundled_mention_has_one_live_decision() -> None:
    placed = {row["mention_key"] for row in decisions(live=True) if row["verdict"] in PLACING}
    missing = sorted(set(mentions()) - placed - set(EXPLAINED))
    assert not missing, "no live 'same', 'not_a_cluster' or 'not_identified' for these printed rows:\n" + listed(
        missing
    )
    stale = sorted(set(EXPLAINED) - (set(mentions()) - placed))
    assert not stale, "explained as not placed, but placed or gone:\n" + listed(stale)


def test_every_live_decision_names_a_printed_row() -> None:
    """Of an edition bundled with the project. One that an office keeps elsewhere is checked by its own build."""
    bundled = {edition_of(key) for key in mentions()}
    decided = {row["mention_key"] for row in decisions(live=True) if edition_of(row["mention_key"]) in bundled}
    orphans = sorted(decided - set(mentions()))
    assert not orphans, "no bundled row has these mention keys; withdraw the decision or correct the key:\n" + listed(
        orphans
    )


def test_evidence_is_an_address_or_a_listed_document() -> None:
    listed_documents = {row.text["document"] for row in printed_rows() if row.card["table"] == "document"}
    problems = sorted(
        {
            row["evidence_address"]
            for row in chain(decisions(), events(), corrections())
            if not row["evidence_address"].startswith(("http://", "https://"))
        }
        - listed_documents
    )
    assert not problems, "neither a web address nor a document of the document list:\n" + listed(problems)


def test_synthetic_and_real_never_meet() -> None:
    synthetic = {row["cluster_id"]: row["is_synthetic"] == "true" for row in clusters()}
    problems = [
        f"{row['mention_key']} and {row['cluster_id']}"
        for row in decisions(live=True)
        if row["mention_key"] in mentions()
        and row["cluster_id"] in synthetic
        and mentions()[row["mention_key"]] != synthetic[row["cluster_id"]]
    ]
    problems += [
        row["event_id"]
        for row in events()
        if {synthetic.get(each) for each in all_members(row)} - {None, row["is_synthetic"] == "true"}
    ]
    assert not problems, "a synthetic row and a real cluster, or the reverse:\n" + listed(problems)


def test_events_have_the_members_of_their_type() -> None:
    known = {row["cluster_id"] for row in clusters()}
    types = {row["event_type"]: row for row in rows_of("codes/event_type.csv")}
    problems = []
    for row in events():
        before, after = members(row, "before"), members(row, "after")
        where = f"{row['event_id']} ({row['event_type']}, {len(before)} before, {len(after)} after)"
        if row["event_type"] not in types:
            problems.append(f"{where}: unknown type")
            continue
        problems += [f"{where}: {each} is not in clusters.csv" for each in before + after if each not in known]
        allowed = types[row["event_type"]]
        for side, ids in (("before", before), ("after", after)):
            fewest, most = int(allowed[f"n_{side}_min"]), int(allowed[f"n_{side}_max"] or 999)
            if not fewest <= len(set(ids)) == len(ids) <= most:
                problems.append(f"{where}: {fewest} to {most} different clusters {side} are allowed")
        many = max(len(before), len(after))
        change = _count(allowed["creations"], many) - _count(allowed["deletions"], many)
        if len(after) - len(before) != change:
            problems.append(f"{where}: the type changes the number of clusters by {change}")
    assert not problems, listed(problems)


def _count(text: str, many: int) -> int:
    """A count of the event types: a number, ``n`` or ``n-1``."""
    return {"n": many, "n-1": many - 1}[text] if text.startswith("n") else int(text)


def test_events_keep_or_change_the_id_as_their_type_says() -> None:
    rule = {row["event_type"]: row["id_rule"] for row in rows_of("codes/event_type.csv")}
    problems = []
    for row in events():
        before, after = set(members(row, "before")), set(members(row, "after"))
        holds = {
            "new_id": not before & after,
            "same_id": before == after,
            "after_in_before": after < before,
            "before_in_after": before < after,
            "none_after": not after,
        }
        if not holds[rule[row["event_type"]]]:
            problems.append(f"{row['event_id']}: {row['event_type']} asks for {rule[row['event_type']]}")
    assert not problems, listed(problems)


def test_days_are_days_in_order() -> None:
    day = datetime.date.fromisoformat
    problems = []
    for row in events():
        if not day(row["date_earliest"]) <= day(row["date_latest"]) <= day(row["recorded_on"]):
            problems.append(f"{row['event_id']}: earliest, latest and recorded day are not in order")
        if (
            row["evidence_kind"] not in EVIDENCE_KINDS
            or row["strength"] not in ("strong", "weak")
            or not row["evidence_address"]
        ):
            problems.append(f"{row['event_id']}: evidence kind, strength or address is missing or unknown")
    for row in chain(decisions(), corrections()):
        where = row.get("mention_key") or row["correction_id"]
        if bool(row["withdrawn_on"]) != bool(row["withdrawn_reason"]):
            problems.append(f"{where}: a withdrawal needs its day and its reason")
        if row["withdrawn_on"] and day(row["withdrawn_on"]) < day(row["decided_on"]):
            problems.append(f"{where}: withdrawn before it was decided")
    for row in clusters():
        day(row["minted_on"])
    assert not problems, listed(problems)


def test_corrections_still_meet_the_value_they_guard() -> None:
    printed = {row.place: row.text for row in printed_rows()}
    problems = []
    for row in corrections():
        if row["withdrawn_on"]:
            continue
        found = printed.get((row["family"], row["edition"], row["entry_key"]))
        where = f"{row['correction_id']} ({row['family']}/{row['edition']}, {row['entry_key']}, {row['column_name']})"
        if found is None or row["column_name"] not in found:
            problems.append(f"{where}: no such row or column in the bundled sources")
        elif found[row["column_name"]] != row["expected_value"]:
            problems.append(
                f"{where}: expected '{row['expected_value']}', found '{found[row['column_name']]}'; withdraw it"
            )
    assert not problems, listed(problems)
