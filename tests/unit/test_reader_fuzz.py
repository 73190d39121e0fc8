"""Files that nobody thought of: whatever their bytes, they are read or refused in sentences, in bounded time.

Belongs here: strategies that build text tables and workbooks, and the one property. Does not belong here: known cases.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.problem import SourceError
from ingest.tables.printed import Hints
from ingest.tables.reader import read_table
from tests.faults import hostile_files as hostile

# openpyxl leaves its file open when it gives up; in the child that ends with the process.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

QUICK = settings(
    max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
FOUND = Path(__file__).resolve().parents[1] / "fixtures" / "hostile" / "found"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp932", "latin-1")
SIGNS = st.sampled_from([*"ab1,;\t\"' \r\n\0=あ髙①－.-", "\u200b", "\u202e", "Cluster", "合計", "注", "#N/A", "1e309"])
# What a sheet is made of, right and wrong.
PIECES = st.sampled_from(
    [
        "<row>", "</row>", '<row r="1">', '<row r="1048576">', '<row r="0">', '<row r="-1">', '<row r="x">',
        '<row r="99999999999999999999">', "<row hidden='1'>", '<c r="A1"><v>1</v></c>', '<c r="XFD1"><v>1</v></c>',
        '<c r="ZZZZ1"><v>1</v></c>', '<c r="A"><v>1</v></c>', '<c r="1"><v>1</v></c>', '<c r=""><v>1</v></c>',
        '<c><v>1</v></c>', '<c r="A2" t="s"><v>99</v></c>', '<c r="A2" t="s"><v>-1</v></c>', '<c r="A2" t="s"></c>',
        '<c r="B2" t="b"><v>7</v></c>', '<c r="B2" t="e"><v>#WHAT</v></c>', '<c r="B2" t="d"><v>2013-99-99</v></c>',
        '<c r="B2" s="9999"><v>1e400</v></c>', '<c r="B2"><v>NaN</v></c>', '<c r="B2" t="zz"><v>x</v></c>',
        '<c r="C3" t="inlineStr"><is><t>Cluster</t></is></c>', '<c r="C3" t="inlineStr"/>', '<c r="D4"><f>1/0</f></c>',
        '<c r="A3" t="str"><f>X()</f><v/></c>', "<v>", "</v>", "</c>", "</sheetData>", "<sheetData>", "<!-- -->",
        "<![CDATA[x]]>", "&amp;", "&#0;", "&#x110000;", "&nothing;", "<", ">", "\0", "\ufeff", "<x:row/>", "<mc:a>",
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>', '<mergeCell ref="B2"/>',
        '<mergeCell ref="B2:A1"/>', '<mergeCell ref="nonsense"/>', '<dimension ref="A1:A1"/>', '<dimension ref="x"/>',
        '<hyperlink ref="A1" r:id="rId99"/>', '<cols><col min="1" max="99999" hidden="1"/></cols>',
        '<cols><col min="x"/></cols>',
    ]
)  # fmt: skip


def read_or_refuse(name: str, content: bytes) -> None:
    """The property; the table that comes out has as many rows as it says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            printed = read_table(path, Hints(), Path(folder) / "out")
        except SourceError as error:
            problems = error.problems
        else:
            problems = printed.facts.problems
            assert sum(batch.num_rows for batch in printed.batches()) == printed.facts.n_rows
            assert len(printed.facts.columns) == len(printed.facts.header)
    assert all(problem.ja and problem.code for problem in problems)


def workbook(parts: dict[str, str | bytes]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return hostile.write_zip(Path(folder) / "list.xlsx", parts).read_bytes()


@QUICK
@given(st.sampled_from(["list.csv", "list.tsv", "list.xlsx", "list.ods", "list"]), st.binary(max_size=400))
def test_any_bytes(name: str, content: bytes) -> None:
    read_or_refuse(name, content)


@QUICK
@given(st.lists(SIGNS, max_size=80), st.sampled_from(ENCODINGS))
def test_any_text(signs: list[str], encoding: str) -> None:
    read_or_refuse("list.csv", "".join(signs).encode(encoding, errors="replace"))


@QUICK
@given(st.lists(PIECES, max_size=12), st.booleans())
def test_any_sheet(pieces: list[str], is_whole: bool) -> None:
    text = hostile.sheet_xml()
    place = text.index("</sheetData>") if is_whole else text.index("<row")
    sheet = text[:place] + "".join(pieces) + text[place:]
    read_or_refuse("list.xlsx", workbook(hostile.workbook_parts(sheet.encode("utf-8", errors="replace"))))


@QUICK
@given(st.data())
def test_any_part(data: st.DataObject) -> None:
    """A part is gone, cut, or another's."""
    parts = dict(hostile.workbook_parts())
    name = data.draw(st.sampled_from(sorted(parts)))
    text = str(parts[name])
    kind = data.draw(st.sampled_from(["gone", "cut", "other", "bytes", "changed"]))
    if kind == "gone":
        del parts[name]
    elif kind == "cut":
        parts[name] = text[: data.draw(st.integers(0, len(text)))]
    elif kind == "other":
        parts[name] = parts[data.draw(st.sampled_from(sorted(parts)))]
    elif kind == "bytes":
        parts[name] = data.draw(st.binary(max_size=100))
    else:
        place = data.draw(st.integers(0, len(text) - 1))
        parts[name] = text[:place] + data.draw(st.text(max_size=5)) + text[place + 1 :]
    read_or_refuse("list.xlsx", workbook({key: _bytes(value) for key, value in parts.items()}))


@QUICK
@given(st.integers(0, 5_000), st.binary(min_size=1, max_size=8))
def test_any_damage(place: int, content: bytes) -> None:
    whole = workbook(hostile.workbook_parts())
    place %= len(whole)
    read_or_refuse("list.xlsx", whole[:place] + content + whole[place + len(content) :])


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8", errors="replace") if isinstance(content, str) else content


@pytest.mark.parametrize("path", sorted(FOUND.glob("*")), ids=lambda path: path.name)
def test_what_fuzzing_found(path: Path) -> None:
    read_or_refuse(path.name, path.read_bytes())
