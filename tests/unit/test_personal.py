"""What is personal and what only looks so: hand-made texts of both kinds, and all headers and cells of the project."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from ingest.catalog import find_cards
from ingest.cell_search import search_cells
from ingest.personal import E_MAIL, TELEPHONE, masked, personal_kind, personal_words
from ingest.tables.printed import batch_of

SOURCES = Path(__file__).resolve().parents[2] / "ingest" / "sources"


def joined(*groups: str, sign: str = "-") -> str:
    """A made-up number, put together so that none stands in this file."""
    return sign.join(groups)


NUMBERS = [
    joined("03", "1234", "5678"), joined("078", "222", "3333"), joined("090", "1234", "5678"),
    joined("0120", "123", "456"), joined("0123", "45", "6789"), joined("01234", "5", "6789"),
    "（03）" + joined("1234", "5678"), joined("０３", "１２３４", "５６７８", sign="－"),
    joined("06", "6543", "2100", sign=" "),
    "+" + joined("81", "3", "1234", "5678", sign=" "), "+81-(0)3-" + joined("1234", "5678"),
    "+" + joined("49", "30", "1234567", sign=" "), "+" + joined("44", "20", "7946", "0958", sign=" "),
    joined("01", "23", "45", "67", "89", sign=" "), "+813" + "12345678",
    "TEL:" + joined("078", "222", "3333", sign=" "),
    "電話 " + joined("222", "3333"), "Tel. 078(222)" + "3333", "お問い合わせは" + joined("06", "6543", "2100") + "まで",
    "00" + joined("49", "30", "123", "4567", sign=" "),
]  # fmt: skip
FIGURES = [
    "2013-2014", "01-02-2013", "2016-04-01", "12.05.2013", "2009/10/11 10:20:30", "060-0001", "〒650-0047",
    "35.6895, 139.6917", "+35.6895 +139.6917", "+1 234 567", "+12 (2013-2014)", "+12.5 (2013)", "1,234,567", "012345",
    "特開2010-012345", "JP 2013-123456", "US 08/123,456", "https://example.org/?q=" + joined("03", "1234", "5678"),
    "+1.234.567.890", "特開2013-123456", "PCT/JP2013/001234", "ORCID 0000-0002-1825-0097", "JPMJ-CR-0123-4567",
    "神戸市見本町1-2-34", "屋内線1234 m", "SIRET 123 456 789 00012", "1234567890123",
    "doi:10.1016/j.respol.2013.01.001",
    "2009 2010 2011 2012", "US 09/123,456", "FP7-2013-123456", "統計コード 01100-01", "next 2013",
    "JPC-0042", "0-306-40615-2", "978-0-306-40615-2", "Mobile (2013-2014)", "10,000-20,000", "0.0", "Phone industry",
]  # fmt: skip


def re2(pattern: str, texts: Sequence[str]) -> list[str]:
    found = pc.match_substring_regex(pa.array(texts), f"(?m){pattern}")
    return [text for text, is_found in zip(texts, found.to_pylist(), strict=True) if is_found]


def test_telephone_numbers_in_many_forms() -> None:
    assert re2(TELEPHONE, NUMBERS) == NUMBERS


def test_figures_dates_and_codes_are_no_telephone_numbers() -> None:
    assert re2(TELEPHONE, FIGURES) == []


def test_addresses_of_e_mail() -> None:
    yes = [
        "a@example.org",
        "名前：m.x@mail.example.org、",
        "x＠example.org",
        "m(at)example.org",
        "m [at] example [dot] org",
    ]
    no = ["@handle", "https://example.org/@me", "a@b", "pkg@1.2.3", "50 @ 3", "data (at source) x", "3 @ 4.50"]
    assert re2(E_MAIL, [*yes, *no]) == yes


@pytest.mark.parametrize("pattern", [E_MAIL, TELEPHONE])
def test_both_engines_read_a_pattern_alike(pattern: str) -> None:
    texts = [*NUMBERS, *FIGURES, "m@example.org", "a@b"]
    assert re2(pattern, texts) == [text for text in texts if re.search(f"(?m){pattern}", text)]


@pytest.mark.parametrize(
    "header",
    ["E-mail", "Email 2", "e_mail_address", "ﾒｰﾙｱﾄﾞﾚｽ", "メール", "連絡先", "ご担当者様", "TEL", "Tel.", "ＦＡＸ",
     "RecipientEmail", "IPAddress", "firstname", "代表者氏名", "Contact", "Phone (office)", "問い合わせ先"],
)  # fmt: skip
def test_personal_headers(header: str) -> None:
    assert personal_kind(header)


@pytest.mark.parametrize(
    "header",
    ["Hotel", "Telecom", "International contact", "担当課", "Mobile robots", "Mail order", "Name", "機関名", "組織名称",
     "Emailing", "Faxonomy", "Contacts made abroad", "名称", "電話会社"],
)  # fmt: skip
def test_headers_that_only_look_personal(header: str) -> None:
    assert personal_kind(header) == ""


def test_no_bundled_source_has_a_personal_header() -> None:
    cards = find_cards([SOURCES])
    assert len(cards) > 20
    for path in SOURCES.glob("*/*/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert [name for name in next(csv.reader(stream)) if personal_kind(name)] == []


def test_every_word_has_a_source_and_is_found_by_itself() -> None:
    with (SOURCES.parent / "personal_words.csv").open(encoding="utf-8", newline="") as stream:
        assert all(row["source"] for row in csv.DictReader(stream))
    for each in personal_words():
        assert personal_kind(each.word)


def test_lines_beside_the_table_are_masked() -> None:
    line = f"※ Office: m@example.org, TEL {joined('078', '222', '3333')}, since 2013-04-01"
    shown = masked(line)
    assert "@" not in shown
    assert "3333" not in shown
    assert shown.startswith("※ Office:")
    assert shown.endswith("since 2013-04-01")
    assert masked("※ 2013-2014 figures, see page 12") == "※ 2013-2014 figures, see page 12"


def test_the_fast_search_finds_what_a_search_of_each_cell_finds() -> None:
    """Against Python's own engine, cell by cell; rows that are left out are no entries."""
    texts = [text for pair in zip(NUMBERS, [*FIGURES[: len(NUMBERS)]], strict=True) for text in pair]
    left_out = ["note" if place % 5 == 0 else None for place in range(len(texts))]
    batch = batch_of(range(1, len(texts) + 1), left_out, [("", text) for text in texts]).to_batches()[0]
    search = search_cells([batch, batch], {"telephone": TELEPHONE, "anchored": "^0[^ ]*$"})
    for name, pattern in (("telephone", TELEPHONE), ("anchored", "^0[^ ]*$")):
        rows = [
            row for row, text in enumerate(texts, 1) if left_out[row - 1] is None and re.search(f"(?m){pattern}", text)
        ]
        assert search.hits[1, name].count == 2 * len(rows)
        assert search.hits[1, name].rows == rows[:3]
    assert (0, "telephone") not in search.hits
    assert search.filled == {0: 0, 1: 2 * left_out.count(None)}
