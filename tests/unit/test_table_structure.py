"""Headers, entries and what stands around them: properties, and cases that a list really has."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.problem import Place, SourceError
from ingest.synonyms import known_words
from ingest.tables.body import sort_rows
from ingest.tables.cell_text import fold, number_of
from ingest.tables.grid import Grid, Span
from ingest.tables.header import Header, find_header
from ingest.tables.printed import Hints
from ingest.tables.row_words import note_kind, total_role
from ingest.tables.structure import table_of

HEADERS = ("Name", "Prefecture", "Members", "Founded", "Website", "Remarks")
TITLES = (
    "List of clusters",
    "2013年4月1日現在",
    "※ made up",
    "Source: sample",
    "(単位：社)",
    "Name of the list: sample",
)
NOTES = ("※ made up", "注1）見本です", "* as told by the cluster", "出典：見本", "Source: sample", "(1) see page 3")

name = st.integers(0, 9999).map(lambda number: f"Mihon {number} Cluster")
word = st.sampled_from(["Hyogo", "大阪府", "Kyoto", "東京都"])
number = st.one_of(st.integers(1, 5000).map(str), st.integers(1000, 9_999_999).map("{:,}".format))
entry = st.tuples(name, word, number, st.integers(1980, 2026).map(str), st.just("https://mihon.example.org"), word)


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[list[str]], list[str], list[tuple[str, ...]], int]:
    """Rows of a sheet, its header, its entries, and how many rows stand above."""
    order = draw(st.permutations(range(len(HEADERS))))
    entries = draw(st.lists(entry, min_size=1, max_size=12))
    blanks = [""] * draw(st.integers(0, 2))
    above = [[title] if draw(st.booleans()) else [] for title in draw(st.lists(st.sampled_from(TITLES), max_size=8))]
    below = [[note] for note in draw(st.lists(st.sampled_from(NOTES), max_size=4))]
    gap: list[list[str]] = [[]] * draw(st.integers(0, 2))
    header = [HEADERS[place] for place in order]
    shuffled = [tuple(each[place] for place in order) for each in entries]
    rows = [*above, header, *(list(each) + blanks for each in shuffled), *gap, *below]
    return rows, header, shuffled, len(above)


@settings(max_examples=150, deadline=None)
@given(sheets(), st.booleans())
def test_a_table_under_any_titles_over_any_notes_gives_back_exactly_its_rows(
    sheet: tuple[list[list[str]], list[str], list[tuple[str, ...]], int], has_card: bool
) -> None:
    rows, header, entries, above = sheet
    hints = Hints(headers=HEADERS) if has_card else Hints(words=known_words())
    facts, pieces = table_of([Grid("xlsx", "S", rows)], hints)
    assert list(facts.header) == header
    assert facts.header_rows == (above + 1,)
    read = [row for piece in pieces for row in piece.to_pylist()]
    assert [tuple(row[f"c{place}"] for place in range(1, 7)) for row in read if row["left_out"] is None] == entries
    assert [row["row_number"] for row in read] == list(range(above + 2, len(rows) + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=4, max_size=30), st.randoms())
def test_totals_of_any_groups_are_left_out_and_add_up(rows: list[tuple[int, int]], chance: random.Random) -> None:
    """Subtotals after groups of two or more, then a grand total: nothing else leaves, no difference is told."""
    table: list[list[str]] = []
    group: list[tuple[int, int]] = []
    expected: list[str | None] = []
    for place, pair in enumerate(rows):
        group.append(pair)
        table.append([f"Mihon {place}", "Hyogo", *map(str, pair)])
        expected.append(None)
        if len(group) > 1 and chance.random() < 0.3:
            table.append(["小計", "", *(f"{sum(column):,}" for column in zip(*group, strict=True))])
            expected.append("total row")
            group = []
    table.append(["Total", "", *(str(sum(column)) for column in zip(*rows, strict=True))])
    sorted_rows = sort_rows(table, Header(("Name", "Place", "Firms", "Members"), (1, 2, 3, 4), 1))
    assert sorted_rows.left_out == [*expected, "total row"]
    assert [each.code for each in sorted_rows.problems] == ["totals_left_out"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,234", "1234"), ("１２３", "123"), ("▲3", "-3"), ("△１", "-1"), ("−4.5", "-4.5"), ("50社", "50"), ("12", "12")],
)
def test_plain_numbers(text: str, value: str) -> None:
    assert str(number_of(text)) == value


@pytest.mark.parametrize("text", ["", "2013年", "H25", "1.2.3", "12%", "2013-04", "A12", "1,23", "約50"])
def test_what_is_no_plain_number(text: str) -> None:
    assert number_of(text) is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("合　計", ("total", "")),
        ("【小計】", ("subtotal", "")),
        ("Grand Total:", ("grand_total", "")),
        ("Ｔｏｔａｌ", ("total", "")),
        ("兵庫県 計", ("total", "兵庫県")),
        ("Hyogo total", ("total", "hyogo")),
        ("Totalsystems Cluster", None),
        ("Allied Mihon", None),
        ("計測クラスター", None),
        ("空間設計", None),
        ("合計 2件", ("total", "")),
        ("Razem", ("total", "")),
        ("Mihon", None),
    ],
)
def test_words_of_totals(text: str, role: tuple[str, str] | None) -> None:
    assert total_role(text) == role


def test_a_measuring_cluster_is_no_total() -> None:
    """Its name begins with the sign for a total, and its numbers happen to be larger than the others'."""
    rows = [["見本A", "兵庫県", "3"], ["計測クラスター", "大阪府", "3"], ["時計", "京都府", "6"]]
    header = Header(("名称", "都道府県", "会員数"), (1, 2, 3), 1)
    assert sort_rows(rows, header).left_out == [None, None, None]


def test_names_that_begin_like_totals_are_entries_and_not_each_is_told() -> None:
    rows = [("Name", "Region", "Firms"), *((f"Total Mihon {number}", "", str(5000 - number)) for number in range(3000))]
    header = find_header(rows, Hints())
    found = sort_rows(rows[1:], header)
    assert set(found.left_out) == {None}
    assert [each.code for each in found.problems] == [*["total_doubtful"] * 10, "totals_doubtful_more"]
    assert "2990" in found.problems[-1].found


def test_a_total_above_its_rows_is_one() -> None:
    rows = [["全国計", "", "9"], ["見本A", "兵庫県", "3"], ["見本B", "大阪府", "6"]]
    sorted_rows = sort_rows(rows, Header(("名称", "都道府県", "会員数"), (1, 2, 3), 1))
    assert sorted_rows.left_out == ["total row", None, None]
    assert [each.code for each in sorted_rows.problems] == ["totals_left_out"]


def test_a_subtotal_beside_its_merged_region() -> None:
    rows = [["Hyogo", "Mihon A", "3"], ["Hyogo", "Mihon B", "4"], ["Hyogo", "小計", "7"], ["Osaka", "Mihon C", "1"]]
    assert sort_rows(rows, Header(("Region", "Name", "Members"), (1, 2, 3), 1)).left_out == [
        None,
        None,
        "total row",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("※ made up", "note"),
        ("注）見本", "note"),
        ("（注２）見本", "note"),
        ("(1) see below", "note"),
        ("¹ of 2013", "note"),
        ("Source: sample", "source"),
        ("資料：見本", "source"),
        ("（単位：社）", "unit"),
        ("平成25年4月1日現在", "as_of"),
        ("As of April 2013", "as_of"),
        ("Assembly cluster", ""),
        ("Notebook cluster", ""),
        ("Mihon", ""),
    ],
)
def kinds_of_test_of_lines(text: str, kind: str) -> None:
    assert note_kind(text) == kind


def test_numbered_entries_are_no_notes() -> None:
    rows = [["(1)", "Mihon A"], ["(2)", "Mihon B"], ["*", "Mihon C"]]
    assert sort_rows(rows, Header(("No", "Name"), (1, 2), 1)).left_out == [None, None, None]


def test_an_entry_with_nothing_but_its_name_stays_an_entry() -> None:
    rows = [["Mihon A", "Hyogo", "3"], ["Mihon B", "", ""], ["Mihon C", "Osaka", "4"], ["Mihon D", "", ""]]
    assert sort_rows(rows, Header(("Name", "Place", "Members"), (1, 2, 3), 1)).left_out == [None] * 4


def test_a_heading_over_the_whole_width_within_the_table_is_a_line_and_said() -> None:
    rows = (["Name", "Place"], ["Kansai", ""], ["Mihon A", "Hyogo"], ["Kanto", ""], ["Mihon B", "Tokyo"])
    merges = (Span(2, 1, 2, 2), Span(4, 1, 4, 2))
    facts, pieces = table_of([Grid("xlsx", "S", rows, merges)], Hints(headers=("Name", "Place")))
    assert [reason for piece in pieces for reason in piece["left_out"].to_pylist()] == ["note", None, "note", None]
    assert [(note.row, note.text, note.kind) for note in facts.notes] == [
        (2, "Kansai", "section"),
        (4, "Kanto", "section"),
    ]
    assert [each.code for each in facts.problems] == ["line_within", "line_within"]


def test_a_declared_header_row_wins() -> None:
    rows = [["Name", "Members"], ["of the list", "of the year"], ["Mihon", "3"]]
    assert find_header(rows, Hints(header_row=2, headers=("Name", "Members"))).names == ("of the list", "of the year")
    declared = find_header(rows, Hints(header_row=1, header_levels=2))
    assert declared.names == ("Name / of the list", "Members / of the year")


def test_no_header_says_what_was_looked_at_and_what_came_nearest() -> None:
    with pytest.raises(SourceError) as refused:
        find_header(
            [["1", "2"], ["Cluster", "3"], ["4", "5"]], Hints(headers=("Name", "Place")), where=Place("list.csv")
        )
    told = str(refused.value.problems[0])
    for part in ("list.csv", "rows 1 to 3 looked at", "nearest row 2 with Cluster, 3", "Name, Place", "header_row: N"):
        assert part in told


@pytest.mark.parametrize(
    ("region", "entries"), [("B2:C3", [("Mihon A", "3")]), ("$B$2:$C$4", [("Mihon A", "3"), ("Mihon B", "4")])]
)
def test_a_region_shuts_everything_else_out(region: str, entries: list[tuple[str, ...]]) -> None:
    rows = (["x"] * 4, ["1", "Name", "Members", "Name"], ["1", "Mihon A", "3", "z"], ["1", "Mihon B", "4", "z"])
    facts, pieces = table_of([Grid("xlsx", "S", rows)], Hints(region=region))
    assert facts.columns == (2, 3)
    assert [(row["c1"], row["c2"]) for piece in pieces for row in piece.to_pylist()] == entries


@pytest.mark.parametrize("region", ["B2", "C4:B2", "0", "B2:C3;x"])
def test_a_region_that_is_none_is_told(region: str) -> None:
    with pytest.raises(SourceError) as refused:
        table_of([Grid("xlsx", "S", (["Name", "Place"], ["a", "b"]))], Hints(region=region), "list.xlsx")
    assert [each.code for each in refused.value.problems] == ["region_wrong"]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6))
def test_names_of_columns_are_never_alike(names: Sequence[str]) -> None:
    rows = [[*names, "anchor"], ["1"] * (len(names) + 1)]
    header = find_header(rows, Hints(header_row=1))
    assert len(header.names) == len(names) + 1
    assert len({fold(each) for each in header.names}) == len(header.names)
