"""Faults of content that must not go on as it is: contact data of people, odd addresses, names that lead elsewhere.

Belongs here: what is found in cells and headers, and the restricted store. Does not belong here: the border out of a
release (``expectations``), which looks once more.
"""

from __future__ import annotations

import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.addresses import is_public_address
from ingest.content import content_problems
from ingest.problem import Outcome, SourceError
from ingest.restricted import restricted_path, write_restricted
from ingest.source_card import read_card
from ingest.tables.printed import Facts, Hints, Mark, Note, Printed, batch_of, write_printed
from ingest.tables.reader import read_table
from tests.faults.hostile_files import rows_of
from tests.faults.told import told

pytestmark = pytest.mark.fault

# Put together here, so that no file of the project holds anything that looks like somebody's number.
NUMBER = "-".join(("078", "222", "3333"))
FULL_WIDTH = NUMBER.translate({ord("-"): "－", **{48 + digit: 0xFF10 + digit for digit in range(10)}})
ABROAD = "+" + " ".join(("49", "30", "1234567"))


def table(folder: Path, header: tuple[str, ...], rows: list[tuple[str, ...]], **facts: object) -> Printed:
    """A printed table of the sheet List, its first row the header."""
    known = Facts("xlsx", header, tuple(range(1, len(header) + 1)), (1,), sheet="List", **facts)  # type: ignore[arg-type]
    left_out = ["note" if row[0].startswith("※") else None for row in rows]
    return write_printed(folder, known, [batch_of(range(2, len(rows) + 2), left_out, rows)])


@pytest.mark.parametrize(
    "header",
    [
        "Email 2",
        "E-mail",
        "メールアドレス",
        "ご担当者",
        "連絡先",
        "TEL",
        "Fax no.",
        "電話番号",
        "Contact person",
        "Ansprechpartnerin",
        "Courriel",
        "Téléphone",
        "担当",
        "E-mailアドレス",
        "mail_1",
        "代表者",
    ],
)
def test_q10_a_new_column_with_a_personal_name(tmp_path: Path, header: str) -> None:
    printed = table(tmp_path, ("Cluster", header), [("Mihon", ""), ("Sample", "x")])
    told(
        content_problems(printed, (), "list.xlsx"), "personal_column", Outcome.QUAR,
        ["list.xlsx, sheet List, cell B1", f"the column '{header}'", "add the column to 'personal' in the card"],
        ["list.xlsx、シート「List」、セルB1", f"列「{header}」", "カードの「personal」に列名を加えて"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "what", "what_ja"),
    [
        ("write to mihon@example.org", "an e-mail address", "メールアドレス"),
        ("mihon＠example.org", "an e-mail address", "メールアドレス"),
        ("mihon [at] example [dot] org", "an e-mail address", "メールアドレス"),
        (f"担当 {NUMBER}", "a telephone number", "電話番号"),
        ("ｍｉｈｏｎ＠ｅｘａｍｐｌｅ．ｏｒｇ", "an e-mail address", "メールアドレス"),
        ("mihon at example dot org", "an e-mail address", "メールアドレス"),
        ("mihon★example.org", "an e-mail address", "メールアドレス"),
        ("mihon[アットマーク]example.org", "an e-mail address", "メールアドレス"),
        ("mihon@見本.example", "an e-mail address", "メールアドレス"),
        ("庶務 内線" + "1234", "a telephone number", "電話番号"),
        ("0" + "9012345678" + " (Mihon)", "a telephone number", "電話番号"),
        ("+" + ".".join(("33", "1", "23", "45", "67", "89")), "a telephone number", "電話番号"),
        ("/".join(("030", "1234567")), "a telephone number", "電話番号"),
        ("℡" + NUMBER, "a telephone number", "電話番号"),
        (FULL_WIDTH, "a telephone number", "電話番号"),
        (ABROAD, "a telephone number", "電話番号"),
    ],
)
def test_q10_one_cell_among_a_thousand(tmp_path: Path, text: str, what: str, what_ja: str) -> None:
    rows = [(f"Mihon {number}", "remark") for number in range(1_000)]
    rows[700] = ("Mihon 700", text)
    problem = told(
        content_problems(table(tmp_path, ("Cluster", "Remarks"), rows), (), "list.xlsx"), "personal_cell", Outcome.QUAR,
        ["cell B702", f"1 cells of the column 'Remarks' that look like {what}"],
        ["セルB702", f"1セルに{what_ja}らしい"],
    )  # fmt: skip
    assert text not in str(problem)
    assert text not in problem.japanese
    assert "example" not in str(problem)


def test_q10_a_column_of_bare_numbers(tmp_path: Path) -> None:
    rows = [(f"Mihon {number}", f"0782{number:06}") for number in range(10)]
    told(
        content_problems(table(tmp_path, ("Cluster", "No."), rows), (), "list.xlsx"), "personal_cell", Outcome.QUAR,
        ["10 cells", "a telephone number"], ["10セル", "電話番号"],
    )  # fmt: skip


def test_q10_a_declared_column_is_kept_apart(tmp_path: Path) -> None:
    marks = (Mark(2, 2, "link", "mailto:mihon@example.org"), Mark(2, 1, "note", "kept by mihon@example.org"))
    rows = [("Mihon", "mihon@example.org"), ("Sample", ""), ("※ Office: office@example.org", "")]
    notes = (Note(4, "※ Office: office@example.org"),)
    printed = table(tmp_path / "printed", ("Cluster", "Email 2"), rows, marks=marks, notes=notes)
    assert content_problems(printed, ("Email 2",), "list.xlsx") == []
    store = restricted_path(tmp_path, "mihon-2016", "0" * 64)
    kept = write_restricted(printed, ("Email 2",), store)
    assert rows_of(kept) == [("Mihon", "[restricted]"), ("Sample", "")]
    texts = [text for batch in kept.batches() for column in batch.columns[2:] for text in column.to_pylist()]
    assert not [text for text in (*texts, str(kept.facts)) if "example" in text]
    assert pq.read_table(store).to_pylist() == [
        {"row_number": 2, "column": "Email 2", "value": "mihon@example.org"}
    ]  # fmt: skip
    assert [stat.S_IMODE(path.stat().st_mode) for path in (store, store.parent, store.parent.parent)] == [
        0o600, 0o700, 0o700
    ]  # fmt: skip
    assert sorted(path.name for path in store.parent.iterdir()) == [store.name]
    told(
        kept.facts.problems, "personal_kept_apart", Outcome.FIX, ["'Email 2'", "1 filled"], ["「Email 2」", "1個"]
    )  # fmt: skip


def test_q10_a_declared_column_that_was_renamed(tmp_path: Path) -> None:
    printed = table(tmp_path, ("Cluster", "Members"), [("Mihon", "1")])
    told(
        content_problems(printed, ("Email",), "list.xlsx"), "personal_absent", Outcome.QUAR,
        ["a column declared as personal is not in the file", "Cluster, Members"], ["列「Email」"],
    )  # fmt: skip


ADDRESSES = [
    "http://localhost:8080/admin", "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://10.1.2.3/x",
    "https://user@192.168.0.1/", "http://[::1]/", "http://metadata.google.internal/", "file:///etc/passwd",
    "javascript:alert(1)", "data:text/html,x", "\\\\server\\share", "see FTP://mihon.example.org/",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_q08_an_address_that_is_no_public_page_stays_text(tmp_path: Path, address: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f'Cluster,Homepage\nMihon,https://mihon.example.org/\nSample,"{address}"\n', encoding="utf-8")
    printed = read_table(path, Hints(), tmp_path / "out")
    assert rows_of(printed)[1] == ("Sample", address)
    told(
        content_problems(printed, (), "list.csv"), "link_kept_as_text", Outcome.FIX,
        ["list.csv, row 3", "it is never fetched and never shown as a link"],
        ["list.csv、3行", "取得もリンク表示もしません"],
    )  # fmt: skip
    assert not is_public_address(address)


def test_q08_the_target_of_a_link_is_judged_too(tmp_path: Path) -> None:
    marks = (Mark(2, 2, "link", "file:///etc/passwd"), Mark(3, 2, "link", "https://sample.example.org/"))
    printed = table(tmp_path, ("Cluster", "Page"), [("Mihon", "home"), ("Sample", "home")], marks=marks)
    problems = content_problems(printed, (), "list.xlsx")
    told(problems, "link_kept_as_text", Outcome.FIX, ["cell B2", "file:///etc/passwd"], ["セルB2"])
    assert len(problems) == 1


@pytest.mark.parametrize(
    "address", ["https://mihon.example.org/data:x/", "http://www.example.org/?file=1", "https://10days.example.org"]
)
def test_q08_public_pages_are_links(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize("name", ["../mihon", "a/b", "/mihon", "", ".mihon", "mihon\0", "-mihon"])
def test_q07_a_name_never_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    for names in ((name, "0" * 64), ("mihon-2016", name)):
        with pytest.raises(SourceError) as error:
            restricted_path(tmp_path, *names)
        told(
            error.value.problems, "name_leaves_folder", Outcome.STOP,
            ["a name would lead out of its folder", "nothing was written"], ["フォルダーの外を指しています"],
        )  # fmt: skip


@pytest.mark.parametrize("name", ["../list.csv", "/list.csv", "sub/list.csv", "..\\\\list.csv"])
def test_q07_a_card_names_a_file_beside_it(tmp_path: Path, name: str) -> None:
    card = Path(__file__).resolve().parents[1] / "fixtures" / "small_world" / "2010" / "source.yml"
    text = card.read_text(encoding="utf-8").replace("small_world_2010.csv", name)
    (tmp_path / "source.yml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="file"):
        read_card(tmp_path / "source.yml")


def test_q10_a_line_that_a_message_quotes_is_covered(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    end = f"\n担当 見本 {NUMBER} mihon@example.org,,\n"
    file.write_text("Name,Region,Members\nMihon,Hyogo,1\nSample,Osaka,2\n" + end, encoding="utf-8")
    facts = read_table(file, Hints(headers=("Name", "Region", "Members")), tmp_path / "out").facts
    told(facts.problems, "line_below", Outcome.WARN, ["担当 見本 [restricted]", "row 5"], ["担当 見本 [restricted]"])
    assert not any(text in str(each) + each.japanese for each in facts.problems for text in (NUMBER, "mihon@"))
