"""Faults of a header beside its card: columns moved, renamed, missing, additional, repeated."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import pytest

from ingest.column_match import ColumnMatch, match_columns
from ingest.problem import Outcome, Place, Problem
from ingest.tables.header import find_header
from ingest.tables.printed import Hints
from tests.faults.told import told

pytestmark = pytest.mark.fault

COLUMNS = {"Cluster": "name", "Prefecture": "prefecture", "Members": "members", "Remarks": None}
WHERE = Place("list.xlsx", "List")


def matched(
    header: Sequence[str], columns: Mapping[str, str | None] = COLUMNS, optional: Sequence[str] = ()
) -> tuple[ColumnMatch, list[Problem]]:
    return match_columns(
        columns,
        header,
        key=("name",),
        required=("name",),
        optional=optional,
        table="organisation",
        where=WHERE,
    )


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_x12_column_order_shuffled(order: tuple[int, ...]) -> None:
    header, row = list(COLUMNS), ("Mihon", "Hyogo", "3", "none")
    match, problems = matched([header[place] for place in order])
    shuffled = [row[place] for place in order]
    assert {ours: shuffled[place] for ours, place in match.places.items()} == {
        "name": "Mihon",
        "prefecture": "Hyogo",
        "members": "3",
    }
    assert [shuffled[place] for place in match.order] == list(row)
    if order != (0, 1, 2, 3):
        told(problems, "columns_moved", Outcome.FIX, ["another order"], ["順序"])


@pytest.mark.parametrize("printed", ["Cluster name", "クラスター名", "団体名", "ＮＡＭＥ"])
def test_x13_column_renamed_to_a_known_synonym(printed: str) -> None:
    match, problems = matched([printed, "Prefecture", "Members", "Remarks"])
    assert match.places["name"] == 0
    assert [each.code for each in problems] == ["column_renamed"]
    told(problems, "column_renamed", Outcome.FIX, [f"'{printed}' where", "'Cluster'"], [f"「{printed}」", "name"])


def test_x13_column_spelled_in_another_width_or_case() -> None:
    match, problems = matched(["ＣＬＵＳＴＥＲ", "Prefecture", "mem bers", "Remarks"])
    assert match.places == {"name": 0, "prefecture": 1, "members": 2}
    told(problems, "columns_respelled", Outcome.FIX, ["headers: 2 (", "'ＣＬＵＳＴＥＲ' ('Cluster')"], ["2件"])


def test_x13_column_renamed_to_something_unknown() -> None:
    _, problems = matched(["Clustre", "Prefecture", "Members", "Remarks"])
    told(
        problems,
        "column_unknown",
        Outcome.QUAR,
        ["no 'Cluster', the closest new header is 'Clustre'"],
        ["「Cluster」がなく", "「Clustre」"],
    )


def test_x13_two_columns_that_could_be_the_renamed_one_are_not_chosen_between() -> None:
    _, problems = matched(["団体名", "名称", "Prefecture", "Members", "Remarks"])
    assert told(problems, "column_unknown", Outcome.QUAR, ["no 'Cluster'"], ["「Cluster」"])


def test_x14_column_missing_optional_or_required() -> None:
    match, problems = matched(["Cluster", "Prefecture", "Remarks"], optional=("Members", "Cluster"))
    assert "members" not in match.places
    told(problems, "column_absent", Outcome.WARN, ["no 'Members'", "'members' stays empty"], ["「Members」", "members"])
    _, problems = matched(["Prefecture", "Members", "Remarks"], optional=("Cluster",))
    told(problems, "column_missing", Outcome.QUAR, ["no 'Cluster'", "our 'name'"], ["「Cluster」がありません"])
    _, problems = matched(["Cluster", "Prefecture", "Members"])
    told(problems, "column_missing", Outcome.QUAR, ["no 'Remarks'", "optional"], ["「Remarks」", "optional"])


def test_x15_extra_column() -> None:
    match, problems = matched(["Cluster", "Mood", "Prefecture", "Members", "Remarks"])
    assert match.places == {"name": 0, "prefecture": 2, "members": 3}
    assert match.card_names == {0: "Cluster", 2: "Prefecture", 3: "Members", 4: "Remarks"}
    assert match.order == (0, 2, 3, 4, 1)
    told(problems, "columns_extra", Outcome.WARN, ["columns: 1 ('Mood')"], ["1列（'Mood'）"])


def test_x16_a_key_column_that_stands_twice() -> None:
    rows = [["Cluster", "CLUSTER", "Prefecture", "Members", "Remarks"], ["a", "b", "c", "d", "e"]]
    names = find_header(rows, Hints(headers=tuple(COLUMNS))).names
    assert names[:2] == ("Cluster", "CLUSTER (2)")
    _, problems = matched(names)
    told(problems, "key_repeated", Outcome.QUAR, ["'Cluster', 'CLUSTER (2)'"], ["列「Cluster」は1つ"])
    both = {**COLUMNS, "CLUSTER (2)": "name_en"}
    _, problems = matched(names, both)
    assert not [each for each in problems if each.outcome is Outcome.QUAR]
    _, problems = matched(["Cluster", "Prefecture", "Members", "Remarks", "Remarks (2)"])
    assert not [each for each in problems if each.outcome is Outcome.QUAR]


def test_x14_several_columns_missing_are_one_sentence() -> None:
    _, problems = matched(["Cluster"])
    names = ["'Prefecture', 'Members'", "'optional'"]
    told(problems, "columns_missing", Outcome.QUAR, names, ["'Prefecture', 'Members'", "optional"])
    assert [each.code for each in problems].count("columns_missing") == 1
