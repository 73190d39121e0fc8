"""Text tables: both ways of reading give the same rows, whatever the bytes; nothing but a told fault is raised."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.problem import SourceError
from ingest.tables.csv_blocks import CsvBody
from ingest.tables.csv_file import read_csv
from ingest.tables.encoding import Encoding
from ingest.tables.limits import LIMITS
from ingest.tables.printed import Hints
from ingest.tables.text_faults import proposed_repair

ENDS = ("\n", "\r\n", "\r")
FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "csv"
CELL = st.text(st.sampled_from('ab ",\n\r;県é'), max_size=6)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str]:
    """Rows of three cells, and the text that a CSV writer makes of them, blank lines between."""
    rows = draw(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=12))
    end = draw(st.sampled_from(ENDS))
    stream = io.StringIO(newline="")
    # The csv module of Python 3.11 leaves a lone carriage return unquoted, so only plain rows go without marks.
    plain = csv.writer(stream, lineterminator=end)
    quoted = csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL)
    for row in rows:
        (quoted if set("".join(row)) & set("\r\n") else plain).writerow(row)
    return rows, stream.getvalue()


def body(path: Path, encoding: str, block_bytes: int) -> CsvBody:
    columns = (1, 2, 3)
    return CsvBody(path, Encoding(encoding, False, "declared"), ",", 3, columns, 0, 0, LIMITS, block_bytes)


def read_in_blocks(data: bytes, block_bytes: int, encoding: str = "utf-8") -> list[tuple[int, list[str]]]:
    """Number and cells of every row that is not blank."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(data)
        rows = [row for table in body(path, encoding, block_bytes).tables() for row in table.to_pylist()]
    return [
        (row["row_number"], [row["c1"], row["c2"], row["c3"]]) for row in rows if row["left_out"] is None
    ]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(table=tables(), block_bytes=st.sampled_from([1, 2, 3, 7, 64, 4096]))
def test_blocks_of_any_size_give_back_what_was_written(table: tuple[list[list[str]], str], block_bytes: int) -> None:
    rows, text = table
    expected = [
        (number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)
    ]  # fmt: skip
    assert read_in_blocks(text.encode(), block_bytes) == expected


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.sampled_from('ab",\n\r県'), max_size=40), block_bytes=st.sampled_from([1, 5, 4096]))
@example(text='a,b,"c"x\nd,e,f\n', block_bytes=4096)
@example(text='a"b,c,d\n1,"2\n3",4\n', block_bytes=4096)
@example(text='a,b,5"\nd,"e",f\n', block_bytes=4096)
def test_blocks_say_of_any_text_what_the_csv_module_says(text: str, block_bytes: int) -> None:
    """The oracle is Python's own reader over the whole text, with rows of three cells or none."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        records = []
        is_fit = False
    else:
        is_fit = all(len(record) in {0, 3} or (len(record) > 3 and not any(record[3:])) for record in records)
    if not is_fit:
        with pytest.raises(SourceError):
            read_in_blocks(text.encode(), block_bytes)
        return
    expected = [
        (number, record[:3]) for number, record in enumerate(records, start=1) if any(cell.strip() for cell in record)
    ]
    assert read_in_blocks(text.encode(), block_bytes) == expected


@settings(max_examples=200, deadline=None)
@given(
    data=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")),
        st.text(st.characters(codec="cp932", exclude_characters="¢£¬‖−〜"), max_size=80).map(
            lambda text: text.encode("cp932")
        ),
        st.text(st.sampled_from('県ｱé",;\t\r\n1a'), max_size=60).map(lambda text: text.encode("utf-16")),
    ),
    careful_bytes=st.sampled_from([0, 10_000]),
)
def test_nothing_but_a_told_fault_comes_of_any_bytes(data: bytes, careful_bytes: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(data)
        try:
            printed = read_csv(path, Hints(headers=("a", "県")), Path(folder) / "read", careful_bytes=careful_bytes)
            n_rows = sum(batch.num_rows for batch in printed.batches())
        except SourceError as error:
            told, n_rows = error.problems, -1
        else:
            told = printed.facts.problems
            assert printed.facts.n_rows == n_rows
    assert all(problem.ja for problem in told)
    assert told or n_rows >= 0


with (FIXTURES / "found_by_fuzzing.csv").open(encoding="utf-8", newline="") as findings:
    FOUND = list(csv.DictReader(findings))


@pytest.mark.parametrize("careful_bytes", [0, 10_000])
@pytest.mark.parametrize("found", FOUND, ids=[row["name"] for row in FOUND])
def test_what_fuzzing_found_is_told(tmp_path: Path, found: dict[str, str], careful_bytes: int) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(bytes.fromhex(found["bytes"]))
    hints = Hints(encoding=found["declared"], headers=("a",))
    with pytest.raises(SourceError) as caught:
        read_csv(path, hints, tmp_path / "read", careful_bytes=careful_bytes)
    assert [problem.code for problem in caught.value.problems] == [found["told"]]


def read(folder: Path, text: str, hints: Hints | None = None) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    path = folder / "x.csv"
    path.write_bytes(text.encode())
    printed = read_csv(path, hints or Hints(headers=("name", "place", "n")), folder / "read")
    rows = [row for batch in printed.batches() for row in batch.to_pylist() if row["left_out"] is None]
    return printed.facts.header, [tuple(row.values())[2:] for row in rows]


@pytest.mark.parametrize(
    ("delimiter", "declared"), [(",", ""), (";", ""), ("\t", ""), ("|", ""), ("~", "~"), ("\t", "tab")]
)
def test_the_separator_is_found_or_declared(tmp_path: Path, delimiter: str, declared: str) -> None:
    lines = (("name", "place", "n"), ('"Mihon, Ltd.; x"', "Kobe", '"1,5"'), ("Sample", "Osaka", '"2,5"'))
    text = "".join(delimiter.join(cells) + "\n" for cells in lines)
    header, rows = read(tmp_path, text, Hints(delimiter=declared))
    assert header == ("name", "place", "n")
    assert rows == [("Mihon, Ltd.; x", "Kobe", "1,5"), ("Sample", "Osaka", "2,5")]


def test_a_separator_line_of_a_spreadsheet_program_is_obeyed(tmp_path: Path) -> None:
    assert read(tmp_path, "sep=;\nname;place;n\nMihon;Kobe;1,5\n")[1] == [("Mihon", "Kobe", "1,5")]


def test_empty_columns_at_the_end_are_no_columns(tmp_path: Path) -> None:
    text = "name,place,n,,\nMihon,Kobe,1,,\nSample,Osaka,2\n"
    assert read(tmp_path, text) == (("name", "place", "n"), [("Mihon", "Kobe", "1"), ("Sample", "Osaka", "2")])


def test_cells_are_kept_as_printed(tmp_path: Path) -> None:
    text = 'name,place,n\n" Mihon ","a ""b"" c",007\n\n-, ,NULL\n'
    assert read(tmp_path, text)[1] == [(" Mihon ", 'a "b" c', "007"), ("-", " ", "NULL")]


def test_rows_are_numbered_as_records_and_blank_ones_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b'name,place,n\n"Mihon\nLtd.",Kobe,1\n\nSample,Osaka,2\n\n\n')
    for careful_bytes in (0, 10_000):
        printed = read_csv(path, Hints(headers=("name",)), tmp_path / "read", careful_bytes=careful_bytes)
        rows = [row for batch in printed.batches() for row in batch.to_pylist()]
        assert [(row["row_number"], row["left_out"]) for row in rows] == [(2, None), (3, "blank row"), (4, None)]


def test_an_escaped_mark_before_the_open_cell_does_not_mislead(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b'name,place,n\n"a ""x""\n",b,c\n1,"d ""\ne\n')
    with pytest.raises(SourceError) as caught:
        read_csv(path, Hints(headers=("name",)), tmp_path / "read")
    assert [problem.code for problem in caught.value.problems] == ["csv_quote_open"]
    assert "row 3, line 4" in str(caught.value)


def test_a_mark_where_none_may_stand_is_shown(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, 'name,place,n\nMihon,"Kobe" port,1\n')
    assert [problem.code for problem in caught.value.problems] == ["csv_quote_odd"]
    assert '"Kobe" port' in str(caught.value)


@pytest.mark.parametrize(
    ("garbled", "right"),
    [
        ("ã‚¯ãƒ©ã‚¹ã‚¿ãƒ¼", "クラスター"),
        ("CafÃ© Mihon", "Café Mihon"),
        ("ÃŽle-de-France", "Île-de-France"),
        ("繧ｯ繝ｩ繧ｹ繧ｿ繝ｼ", "クラスター"),
        ("São Paulo", ""),
        ("蟹江町", ""),
        ("見本クラスター", ""),
        ("Ångström", ""),
    ],
)
def test_a_repair_is_proposed_for_garbled_text_only(garbled: str, right: str) -> None:
    assert proposed_repair(garbled) == right


def test_what_was_lost_stays_lost_in_a_proposal() -> None:
    """Four characters of three bytes each; read as CP932 a byte of the first and one of the last have no character."""
    garbled = "文字化け".encode().decode("cp932", "replace")
    assert proposed_repair(garbled) == "\ufffd字化\ufffd"
