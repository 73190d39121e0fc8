"""Faults of text tables: encodings, broken quotation marks, signs that nobody sees, size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.problem import Outcome, SourceError
from ingest.tables.csv_file import read_csv
from ingest.tables.encoding import decide_encoding
from ingest.tables.printed import Hints, Printed
from tests.faults.told import told
from tests.faults.twins import MARKS, TWIN_ENCODINGS

pytestmark = pytest.mark.fault

ROOT = Path(__file__).resolve().parents[2]
TABLE = "番号,名称,所在地\r\n1,見本クラスター㈱①髙,兵庫県\r\n2,ﾐﾎﾝﾊﾞｲｵ,大阪府\r\n"
HINTS = Hints(headers=("番号", "名称", "所在地"))


def read(folder: Path, data: bytes, hints: Hints = HINTS, careful_bytes: int = 8_000_000) -> Printed:
    path = folder / "見本.csv"
    path.write_bytes(data)
    return read_csv(path, hints, folder / "read", careful_bytes=careful_bytes)


def cells(printed: Printed) -> list[tuple[str, ...]]:
    return [tuple(row.values())[2:] for batch in printed.batches() for row in batch.to_pylist()]


def refused(folder: Path, data: bytes, hints: Hints = HINTS, careful_bytes: int = 8_000_000) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(folder, data, hints, careful_bytes)
    return caught.value


@pytest.mark.parametrize("careful_bytes", [8_000_000, 0])
def test_i02_header_without_rows(tmp_path: Path, careful_bytes: int) -> None:
    """The reader gives no rows; what follows for the edition is decided at intake."""
    printed = read(tmp_path, "番号,名称,所在地\n".encode(), careful_bytes=careful_bytes)
    assert (printed.facts.header, printed.facts.n_rows, cells(printed)) == (("番号", "名称", "所在地"), 0, [])


@pytest.mark.parametrize("careful_bytes", [8_000_000, 0])
def test_i07_file_ends_within_a_quoted_cell(tmp_path: Path, careful_bytes: int) -> None:
    data = '番号,名称,所在地\n1,"見本\n第二",兵庫県\n2,"サンプル\n,大阪府\n3,x,y\n'.encode()
    error = refused(tmp_path, data, careful_bytes=careful_bytes)
    problem = told(
        error.problems, "csv_quote_open", Outcome.QUAR,
        ["ends within a quoted cell", "row 3", "line 4", "close the quotation mark"],
        ["引用符で囲まれたセルの途中", "テキストの4行目", "閉じて"],
    )  # fmt: skip
    assert "見本.csv" in problem.where


@pytest.mark.parametrize("careful_bytes", [8_000_000, 0])
def test_i07_every_row_that_does_not_fit_is_told(tmp_path: Path, careful_bytes: int) -> None:
    data = '番号,名称,所在地\n1,"a\nb",c\n2,見本\n3,x,y,z\n4,p,q\n'.encode()
    error = refused(tmp_path, data, careful_bytes=careful_bytes)
    told(
        error.problems, "csv_row_ragged", Outcome.QUAR,
        ["row 3, line 4", "2 cells", "3 cells"], ["3行、テキストの4行目", "2個のセル"],
    )  # fmt: skip
    assert [problem.where.partition(", ")[2] for problem in error.problems] == ["row 3, line 4", "row 4, line 5"]


PEAK = """
import json, resource, sys
from pathlib import Path
from ingest.tables.csv_file import read_csv
from ingest.tables.printed import Hints
printed = read_csv(Path(sys.argv[1]), Hints(), Path(sys.argv[2]), careful_bytes=1_000_000)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([printed.facts.n_rows, printed.facts.encoding, peak // 1024]))
"""


def test_i15_memory_is_flat_in_rows(tmp_path: Path) -> None:
    """Three times the rows, at most 50 MB more; the file itself grows by 20 MB and in memory by more than 100."""
    row = "1,見本クラスター推進機構,兵庫県神戸市中央区見本通り一丁目,Sample network of industry,2016,12,3,0.5\r\n"
    peaks = []
    for n_rows in (100_000, 300_000):
        path = tmp_path / f"{n_rows}.csv"
        with path.open("wb") as stream:
            stream.write("番号,名称,所在地,name,year,a,b,c\r\n".encode("cp932"))
            for _ in range(n_rows // 10_000):
                stream.write(row.encode("cp932") * 10_000)
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(path), str(tmp_path / "read")],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        n_read, encoding, peak = json.loads(done.stdout)
        assert (n_read, encoding) == (n_rows, "cp932")
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 50


def test_i15_large_file_says_what_was_read(tmp_path: Path) -> None:
    printed = read(tmp_path, (TABLE + "3,見本,京都府\r\n" * 1000).encode("cp932"), careful_bytes=0)
    assert printed.facts.n_rows == 1002
    told(printed.facts.problems, "encoding_read", Outcome.FIX, ["read as CP932"], ["CP932", "読み取りました"])


@pytest.mark.parametrize("careful_bytes", [8_000_000, 0])
def test_i15_cell_without_end_is_refused_by_its_limit(tmp_path: Path, careful_bytes: int) -> None:
    data = "番号,名称,所在地\n1,見本,兵庫県\n2,".encode() + b"x" * 40_000 + b",y\n"
    error = refused(tmp_path, data, careful_bytes=careful_bytes)
    told(
        error.problems, "csv_cell_long", Outcome.QUAR,
        ["a cell is too long", "row 3", "32,767 characters"], ["セルが長すぎます", "3行", "32,767文字"],
    )  # fmt: skip


@pytest.mark.parametrize("careful_bytes", [8_000_000, 0])
@pytest.mark.parametrize("codec", TWIN_ENCODINGS)
def test_j01_twins_in_five_encodings_are_one_table(tmp_path: Path, codec: str, careful_bytes: int) -> None:
    printed = read(tmp_path, MARKS.get(codec, b"") + TABLE.encode(codec), Hints(), careful_bytes)
    assert printed.facts.header == ("番号", "名称", "所在地")
    assert cells(printed) == [("1", "見本クラスター㈱①髙", "兵庫県"), ("2", "ﾐﾎﾝﾊﾞｲｵ", "大阪府")]
    assert printed.facts.encoding == TWIN_ENCODINGS[codec]
    if not codec.startswith("utf-8"):
        name = {"c": "CP932", "u": "UTF-16"}[codec[0]]
        told(printed.facts.problems, "encoding_read", Outcome.FIX, [f"read as {name}"], [name, "読み取りました"])


def test_j02_two_line_cp932_file_is_read(tmp_path: Path) -> None:
    printed = read(tmp_path, "名称,所在地\n見本,県\n".encode("cp932"), Hints(headers=("名称", "所在地")))
    assert cells(printed) == [("見本", "県")]
    told(printed.facts.problems, "encoding_read", Outcome.FIX, ["CP932"], ["CP932"])


def test_j02_one_cell_that_reads_as_words_twice_is_ambiguous(tmp_path: Path) -> None:
    """C3 A9 is the letter e with an acute accent in UTF-8 and two half-width kana in CP932."""
    path = tmp_path / "cell.csv"
    path.write_bytes(b"\xc3\xa9")
    with pytest.raises(SourceError) as caught:
        decide_encoding(path, Hints())
    told(
        caught.value.problems, "encoding_ambiguous", Outcome.QUAR,
        ["ambiguous encoding", "'é' in UTF-8", "'ﾃｩ' in CP932", "'encoding:' into the card", "CSV UTF-8"],
        ["文字コードを判定できません", "UTF-8では「é」", "では「ﾃｩ」", "CSV UTF-8で保存"],
    )  # fmt: skip
    path.write_bytes("県".encode("cp932"))
    assert decide_encoding(path, Hints()).name == "cp932"


@pytest.mark.parametrize("careful_bytes", [8_000_000, 0])
def test_j03_one_line_in_another_encoding(tmp_path: Path, careful_bytes: int) -> None:
    head = TABLE.encode("utf-8")
    error = refused(tmp_path, head + "3,見本,京都府\r\n".encode("cp932"), careful_bytes=careful_bytes)
    told(
        error.problems, "encoding_mixed", Outcome.QUAR,
        ["mixes two encodings", f"line 4, byte {len(head) + 3}", "3 lines read as UTF-8, 1 do not", "reads as CP932"],
        ["文字コードが混在", "テキストの4行目", f"{len(head) + 3}バイト目", "CP932"],
    )  # fmt: skip
    head = TABLE.encode("cp932")
    error = refused(tmp_path, head + "3,見本,京都府\r\n".encode(), careful_bytes=careful_bytes)
    told(
        error.problems, "encoding_mixed", Outcome.QUAR,
        ["3 lines read as CP932", "reads as UTF-8", "line 4"], ["3行はCP932", "UTF-8として読めます"],
    )  # fmt: skip


@pytest.mark.parametrize(("codec", "lossless"), [("cp1252", True), ("latin-1", True), ("cp932", False)])
def test_j04_text_garbled_before_it_was_saved(tmp_path: Path, codec: str, lossless: bool) -> None:
    right = "見本クラスター" if lossless else "文字喧嘩クラスター"
    garbled = "".join(
        bytes([byte]).decode(codec, "ignore") or bytes([byte]).decode("latin-1") for byte in right.encode()
    ) if lossless else right.encode().decode(codec, "replace")  # fmt: skip
    printed = read(tmp_path, f"番号,名称,所在地\n1,{garbled},兵庫県\n2,見本,大阪府\n".encode())
    assert cells(printed)[0] == ("1", garbled, "兵庫県")
    problem = told(
        printed.facts.problems, "text_mojibake", Outcome.WARN,
        ["wrong encoding", "row 2", "1 cells", "nothing was changed"], ["文字化け", "2行", "自動では変更していません"],
    )  # fmt: skip
    assert ("クラスター" if not lossless else right) in problem.expected


def test_j09_signs_that_nobody_sees_are_kept_and_told(tmp_path: Path) -> None:
    texts = ("見\u200b本", "\ufeffサンプル", "A\u00a0B", "C\u3000D", "E\tF")
    body = "".join(f"{number},{text},兵庫県\n" for number, text in enumerate(texts, start=1))
    printed = read(tmp_path, ("番号,名称,所在地\n" + body).encode())
    assert [row[1] for row in cells(printed)] == list(texts)
    told(
        printed.facts.problems, "text_invisible", Outcome.FIX,
        ["row 2", "3 cells", "U+200B ZERO WIDTH SPACE", "kept as printed"],
        ["見えない文字", "3個のセル", "元の値は保存"],
    )  # fmt: skip


@pytest.mark.parametrize("careful_bytes", [8_000_000, 0])
def test_j10_zero_byte_in_a_name(tmp_path: Path, careful_bytes: int) -> None:
    error = refused(tmp_path, b"no,name,place\n1,Mi\0hon,x\n", Hints(headers=("no", "name")), careful_bytes)
    told(
        error.problems, "text_zero_byte", Outcome.QUAR,
        ["zero byte", "line 2, byte 19", "export the file again"], ["NUL", "テキストの2行目", "19バイト目"],
    )  # fmt: skip


def test_j10_control_and_direction_signs_are_kept_and_shown_harmlessly(tmp_path: Path) -> None:
    printed = read(tmp_path, "番号,名称,所在地\n1,見\u202e本,兵庫県\n2,a\x07b,大阪府\n".encode())
    assert [row[1] for row in cells(printed)] == ["見\u202e本", "a\x07b"]
    problem = told(
        printed.facts.problems, "text_control", Outcome.FIX,
        ["2 cells", "U+202E RIGHT-TO-LEFT OVERRIDE"], ["制御文字", "2個のセル"],
    )  # fmt: skip
    assert "\u202e" not in str(problem) + problem.japanese


@pytest.mark.parametrize("careful_bytes", [8_000_000, 0])
def test_j14_na_is_text(tmp_path: Path, careful_bytes: int) -> None:
    data = "国,名称,所在地\nNA,NULL,見本\nn/a,NaN,\n".encode("cp932")
    printed = read(tmp_path, data, Hints(headers=("国", "名称", "所在地")), careful_bytes)
    assert cells(printed) == [("NA", "NULL", "見本"), ("n/a", "NaN", "")]
    told(printed.facts.problems, "encoding_read", Outcome.FIX, ["CP932"], ["CP932"])
