"""Rules that one cell breaks: each a function from a sheet to the cells.

Belongs here: what a single cell shows. Does not belong here: the shape of the table (``table_rules``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ingest.lint.breach import Cell
from ingest.lint.sheet import LintSheet
from ingest.values.nothing import state_of_nothing
from ingest.values.text import clean, name_key, without_footnote_marks

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:E[+-]?[0-9]+)?", re.IGNORECASE)
# 12 (34 %), 10～20, and lists that a line break or a semicolon divides.
_TWO_NUMBERS = re.compile(r"^\s*[0-9.,]+\s*(?:[(（\[]\s*[0-9.,]+\s*[%％]?\s*[)）\]]|[~～〜]\s*[0-9.,]+)\s*$")
_DIVIDER = re.compile(r"\s*[;；\n]\s*")
# Longer parts are the sentences of a remark.
_PART_CHARACTERS = 30
_SPACED_LETTERS = re.compile(r"[぀-ヿ㐀-鿿](?:[ 　]+[぀-ヿ㐀-鿿])+")
_DITTO = frozenset({"〃", "々", "″", '"', "''", "”", "同上", "同", "ditto", "idem", "do."})
_ERA_YEAR = re.compile(
    r"(?:明治|大正|昭和|平成|令和|㍾|㍽|㍼|㍻|㋿)\s*(?:[0-9０-９]{1,2}|元|[一二三四五六七八九十]+)\s*年?"
)
_ERA_SHORT = re.compile(r"^\s*[MTSHRＭＴＳＨＲ][0-9０-９]{1,2}[.．/／年]")
_WESTERN_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
# Where CP932 and JIS X 0208 have the same sign by another code point; a machine shows both alike.
_SAME_SIGN = frozenset("～∥－￠￡￢―")
_AREA_HEADERS = frozenset(
    name_key(name) for name in ("都道府県", "都道府県名", "県", "県名", "prefecture", "pref.", "prefectures")
)


def one_datum(sheet: LintSheet) -> Iterator[Cell]:
    """Cells with two numbers, or with parts that a line break or a semicolon divides."""
    for row, column, text in sheet.filled_entries():
        parts = _DIVIDER.split(text.strip())
        is_list = len(parts) > 1 and all(0 < len(part) <= _PART_CHARACTERS for part in parts)
        if is_list or _TWO_NUMBERS.search(text):
            yield row, column


def plain_numbers(sheet: LintSheet) -> Iterator[Cell]:
    """Cells of number columns that are no plain number; numbers that a workbook keeps as text."""
    kept_as_text = {(mark.row, mark.column) for mark in sheet.grid.marks if mark.kind == "text_number"}
    for row, column, text in sheet.filled_entries():
        if column not in sheet.number_columns:
            continue
        # Two numbers in a cell are told by their own rule.
        is_plain = _PLAIN_NUMBER.fullmatch(text) or _TWO_NUMBERS.search(text) or _is_nothing(text)
        if (row, column) in kept_as_text or not is_plain:
            yield row, column


def _is_nothing(text: str) -> bool:
    return state_of_nothing(clean(text).text, {}, by_table=True) is not None


def no_layout_blanks(sheet: LintSheet) -> Iterator[Cell]:
    """Outer, doubled and line-breaking blanks, and words spaced out letter by letter."""
    for row, column, text in sheet.filled():
        is_broken = "\n" in text and row in sheet.header_rows
        if is_broken or text != text.strip() or re.search("[ 　]{2}", text) or _SPACED_LETTERS.fullmatch(text):
            yield row, column


def no_omissions(sheet: LintSheet) -> Iterator[Cell]:
    """Ditto marks, filled columns without a name, and blanks in the first column where it is filled above."""
    for row, column, text in sheet.filled_entries():
        if text.strip().casefold() in _DITTO:
            yield row, column
    if not sheet.names:
        return
    named = {column for row in sheet.header_rows for column in sheet.names if sheet.text(row, column).strip()}
    spans = [span for span in sheet.grid.merges if span.first_row in sheet.header_rows]
    for column in set(sheet.names) - named:
        if not any(span.first_column <= column <= span.last_column for span in spans):
            yield sheet.header_rows[-1], column
    first = min(sheet.names)
    merged = {
        row
        for span in sheet.grid.merges
        if span.first_column <= first <= span.last_column
        for row in range(span.first_row, span.last_row + 1)
    }
    yield from ((row, first) for row in sheet.entries if row not in merged and not sheet.text(row, first).strip())


def values_stand(sheet: LintSheet) -> Iterator[Cell]:
    """Errors, and formulas that no program has computed."""
    yield from ((mark.row, mark.column) for mark in sheet.grid.marks if mark.kind in {"error", "no_value"})


def plain_characters(sheet: LintSheet) -> Iterator[Cell]:
    """Cells with a sign of one maker's code page, half-width kana, a private sign or one that nobody sees."""
    for row, column, text in sheet.filled():
        if not text.isascii() and any(_is_dependent(sign) for sign in text):
            yield row, column


@lru_cache(maxsize=20_000)
def _is_dependent(sign: str) -> bool:
    """In Windows' code page 932 but not in JIS X 0208, or of no visible standard at all."""
    if sign in _SAME_SIGN or sign in "\n\r\t":
        return False
    if unicodedata.category(sign) in {"Co", "Cc", "Cf", "Cs", "Cn"} or "｡" <= sign <= "ﾟ":
        return True
    try:
        sign.encode("cp932")
    except UnicodeEncodeError:
        return False
    try:
        sign.encode("shift_jis")
    except UnicodeEncodeError:
        return True
    return False


def western_years(sheet: LintSheet) -> Iterator[Cell]:
    """Years of an era without the western year in the same cell."""
    for row, column, text in sheet.filled():
        if not text.isascii() or text[:1] in "MTSHR":
            plain = unicodedata.normalize("NFKC", text)
            if (_ERA_YEAR.search(text) or _ERA_SHORT.search(text)) and not _WESTERN_YEAR.search(plain):
                yield row, column


def areas_named(sheet: LintSheet) -> Iterator[Cell]:
    """Cells of a column of prefectures that are no known name or code of one."""
    from ingest.values.places import read_prefecture

    columns = {column for column, name in sheet.names.items() if name_key(name) in _AREA_HEADERS}
    for row, column, text in sheet.filled_entries():
        plain, _ = without_footnote_marks(clean(text).text)
        if column in columns and not _is_nothing(plain) and read_prefecture(plain) is None:
            yield row, column


def format_is_no_data(sheet: LintSheet) -> Iterator[Cell]:
    """Cells that are struck through or coloured unlike their neighbours."""
    yield from ((mark.row, mark.column) for mark in sheet.grid.marks if mark.kind in {"struck", "colour"})
