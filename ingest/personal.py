"""Contact data of people: found by the name and the content of a column.

Belongs here: which headers and cells are personal (``personal_words.csv`` and the patterns below). Does not belong
here: where such data is kept (``restricted``), and which columns a card declares.

Single addresses in a column of text set the file aside too: a share that is small is still somebody's address. Lines
that are no entries (titles, notes, totals) and comments are masked instead, because a publisher prints its own office
there on every sheet.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ingest.cell_search import Search, cell_place
from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.tables.printed import Facts

WORDS_FILE = Path(__file__).with_name("personal_words.csv")
RESTRICTED = "[restricted]"
WHAT = {
    "e_mail": ("an e-mail address", "メールアドレス"), "telephone": ("a telephone number", "電話番号"),
    "contact": ("a contact person", "連絡先・担当者"), "person": ("the name of a person", "個人の氏名など"),
    "device": ("an address of a device", "端末のアドレス"),
}  # fmt: skip
DIGIT, GAP, SPACE = "[0-9０-９]", "[-‐‑‒–—―−－ー 　.()（）]", "[-‐‑–－ー 　]"
# The patterns are RE2, which knows no look-behind: a number begins at the start or after a sign that no code, date,
# address of a page or patent number has there.
BEGIN, END = r"(?:^|[^0-9０-９A-Za-z_/=.#+\-－])", r"(?:$|[^0-9０-９A-Za-z_\-－])"
# Written to be read by people only: (at), [アット], ★ in the place of the sign, " at ... dot ..." in words.
AT = r"(?:[ 　]?[@＠][ 　]?|[★☆◎]|_at_|[ 　]?[\[(（](?i:at|ａｔ|アット|アットマーク|@)[\])）][ 　]?)"
DOT = r"(?:[.．]|[ 　]?[\[(（](?i:dot|ドット)[\])）][ 　]?)"
LETTER = "A-Za-z0-9Ａ-Ｚａ-ｚ０-９"
LABEL = rf"[{LETTER}À-ÿぁ-ヿ一-龥\-－]+"
IN_WORDS = r"[A-Za-z0-9._\-]+ (?i:at) [A-Za-z0-9\-]+(?: (?i:dot) [A-Za-z0-9\-]+)* (?i:dot) [A-Za-z]{2,}"
E_MAIL = rf"[{LETTER}._%+\-．＿－]+{AT}{LABEL}(?:{DOT}{LABEL})*{DOT}[A-Za-zＡ-Ｚａ-ｚ]{{2,}}|{IN_WORDS}"
# Japanese numbers have ten digits (eleven for mobiles), the last group three or four: the numbering plan of the
# Ministry of Internal Affairs and Communications. So dates (01-02-2013) and post codes (060-0001) pass.
DOMESTIC = "|".join(
    f"[0０]{DIGIT}{{{area}}}{GAP}{{1,2}}{DIGIT}{{{office}}}{GAP}{DIGIT}{{{line}}}"
    for area, office, line in ((1, 4, 4), (2, "3,4", 4), (3, 2, 4), (3, 3, "3,4"), (4, 1, 4))
)
MOBILE = f"[0０][789７８９][0０]{DIGIT}{{8}}"
FRENCH = "0[1-9](?:[ .][0-9]{2}){4}"
# Thousands never end in a group of two or four, so a sum with points between has no such form.
POINTED = "[+＋][0-9]{1,3}(?:[./][0-9]{1,4}){1,5}[./](?:[0-9]{2}|[0-9]{4,8})"
OTHERS = (
    f"0[1-9][0-9]{{1,3}}/[0-9]{{5,8}}|[2-9][0-9]{{2}}[)] ?[0-9]{{3}}-[0-9]{{4}}"
    f"|81-{DIGIT}{{1,4}}-{DIGIT}{{2,4}}-{DIGIT}{{4}}"
)
# With the code of a country (ITU-T E.164). A sum such as +1 234 567 has too few groups, +12 (2013-2014) no such form.
COUNTRY = f"[+＋]{DIGIT}{{1,3}}(?:{SPACE}{{0,2}}[(（]{DIGIT}{{1,4}}[)）]{DIGIT}{{0,4}})?"
ABROAD = "|".join(
    (
        f"{COUNTRY}(?:{SPACE}{DIGIT}{{1,5}}){{3,6}}", f"{COUNTRY}{SPACE}{DIGIT}{{1,5}}{SPACE}?{DIGIT}{{4,8}}",
        f"[+＋]{DIGIT}{{10,15}}", "00[1-9][0-9]{0,2} [0-9]{1,4}(?:(?: [0-9]{2,5}){2,4}| [0-9]{5,8})", POINTED,
    )
)  # fmt: skip
CALLED = "(?i:tel|telephone|phone|mobile|fax|ＴＥＬ|ＦＡＸ|電話|携帯|ファックス|☎|℡)(?i:番号|no)?"
WORD = f"(?:^|[^A-Za-z]){CALLED}[ 　.:：)）]*"
TOLD = f"{WORD}[+＋(（]?(?:{DIGIT}(?:(?:{GAP}|/){{0,2}}{DIGIT}){{8,14}}|{DIGIT}{{2,3}}-{DIGIT}{{4}}{END})"
# 屋内線 is a wire indoors.
EXTENSION = (
    f"(?:^|[^屋館構])内線(?:番号)?[ 　.:：]*{DIGIT}{{3,5}}"
    f"|(?:^|[^A-Za-z])(?i:ext|extension)[ .:]{{1,2}}[0-9]{{3,5}}{END}"
)
TELEPHONE = rf"{BEGIN}[(（]?(?:{DOMESTIC}|{MOBILE}|{FRENCH}|{ABROAD}|{OTHERS}){END}|{TOLD}|{EXTENSION}"
# Ten or eleven digits without any sign between them are a number to call only where a whole column is made of them.
BARE = f"^[0０][1-9１-９]{DIGIT}{{8,9}}$"
PATTERNS = {"e_mail": E_MAIL, "telephone": TELEPHONE, "bare": BARE}
# What every such text has, so that most lines need no longer look.
LOOKS_PERSONAL = re.compile(f"[@＠★☆◎]|{DIGIT}.*{DIGIT}|(?i:at|ａｔ|アット)")
# An address is sought from the first of its signs on only: else a long text without one is searched from each sign.
MASKED = re.compile(f"(?m)(?<![{LETTER}._%+\\-．＿－])(?:{E_MAIL})|{TELEPHONE}")
BARE_SHARE, FEWEST_BARE = 0.8, 3


@dataclass(frozen=True)
class PersonalWord:
    """A word of a header that announces personal data; ``match``: whole, word or part of the header."""

    word: str
    match: str
    what: str


def personal_problems(facts: Facts, search: Search, declared: Sequence[str] = (), file: str = "") -> list[Problem]:
    """What is personal in the entries of a table and not declared (QUAR), and declared but not there (QUAR).

    ``search`` is one pass with ``PATTERNS``. No message holds the value itself. What is found in a declared column is
    right there.
    """
    problems = [
        problem("personal_absent", Place(file, sheet=facts.sheet), column=name, header=", ".join(facts.header))
        for name in declared
        if name not in facts.header
    ]
    for place, name in enumerate(facts.header):
        if name in declared:
            continue
        if kind := personal_kind(name):
            en, ja = WHAT[kind]
            row = facts.header_rows[-1] if facts.header_rows else 1
            reason = {"reason": f"its name announces {en}", "reason_ja": f"列名が{ja}を示しています"}
            problems.append(problem("personal_column", cell_place(facts, file, place, row), column=name, **reason))
        problems += _cell_problems(facts, file, place, search)
    return problems


def _cell_problems(facts: Facts, file: str, place: int, search: Search) -> Iterator[Problem]:
    for pattern in PATTERNS:
        hits = search.hits.get((place, pattern))
        fewest = max(FEWEST_BARE, BARE_SHARE * search.filled[place]) if hits and pattern == "bare" else 1
        if hits is None or hits.count < fewest:
            continue
        en, ja = WHAT["e_mail" if pattern == "e_mail" else "telephone"]
        yield problem(
            "personal_cell", cell_place(facts, file, place, hits.rows[0]), count=hits.count, column=facts.header[place],
            what=en, what_ja=ja,
        )  # fmt: skip


def personal_kind(header: str, more: Sequence[PersonalWord] = ()) -> str:
    """Which kind of personal data a header announces; an empty text for none. ``more``: further words to look for."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", header)).casefold()
    spaced = re.sub(r"(?<=[a-z])(?=[0-9])", " ", spaced)
    found = re.findall(r"[^\W_]+", spaced)
    words, joined = f" {' '.join(found)} ", "".join(found)
    for each in (*personal_words(), *more):
        is_found = {
            "whole": joined.rstrip("0123456789") == each.word.replace(" ", ""),
            "word": f" {each.word} " in words,
            "part": each.word in joined,
        }
        if is_found[each.match]:
            return each.what
    return ""


@cache
def personal_words() -> tuple[PersonalWord, ...]:
    """The reviewed words, as ``personal_words.csv`` has them."""
    with WORDS_FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(PersonalWord(row["word"], row["match"], row["what"]) for row in csv.DictReader(stream))


def masked(text: str) -> str:
    """A line that is no entry, without the addresses and numbers in it."""
    return MASKED.sub(f" {RESTRICTED} ", text) if LOOKS_PERSONAL.search(text) else text
