"""The forms of a name against the sources that are here, and against the key that the warehouse had before.

Belongs here: what holds for real names and for the tables. Does not belong here: single faults, properties of any text.
"""

from __future__ import annotations

import csv
import re
import string
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest
import yaml

from ingest.values import text as text_module
from ingest.values.nothing import folded_token, states, tokens
from ingest.values.reading import KINDS, read_value
from ingest.values.tables import FOLDER, read_values_table
from ingest.values.text import clean, display_form, name_key, variant_kanji, without_footnote_marks

SOURCES = Path(text_module.__file__).parents[1] / "sources"
# As in dbt_project/macros/printed_text.sql.
HALF = string.ascii_uppercase + string.ascii_lowercase + string.digits
FULL = "".join(chr(ord(sign) + 0xFEE0) for sign in HALF)
KEY_OF_THE_WAREHOUSE = r"""
    select x, nullif(regexp_replace(lower(nfc_normalize(translate(x, ?, ?))), '[\p{P}\p{S}\p{Z}]', '', 'g'), '')
    from (select unnest(?) as x)
"""


@pytest.fixture(scope="module")
def cells() -> dict[str, set[str]]:
    """Every filled cell of the bundled sources, by whether its column is a name."""
    found: dict[str, set[str]] = {"name": set(), "other": set()}
    for path in SOURCES.glob("*/*/source.yml"):
        card = yaml.safe_load(path.read_text(encoding="utf-8"))
        if card["table"] == "response":
            continue
        with (path.parent / card["file"]).open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                for column, cell in row.items():
                    ours = card["columns"].get(column) or ""
                    found["name" if ours.startswith("name") else "other"].add(cell)
    return {which: {cell for cell in texts if cell} for which, texts in found.items()}


def test_no_name_of_a_bundled_source_loses_a_sign(cells: dict[str, set[str]]) -> None:
    assert len(cells["name"]) > 500
    assert [name for name in cells["name"] if display_form(name) != name.strip()] == []


def test_texts_with_one_key_before_have_one_key_now(cells: dict[str, set[str]]) -> None:
    # But for figures with a sign between them: 3.1 is not 31.
    texts = sorted(text for text in cells["name"] | cells["other"] if not re.search(r"\d[\W_]+\d", text))
    before = dict(duckdb.execute(KEY_OF_THE_WAREHOUSE, [f"{FULL}　", f"{HALF} ", texts]).fetchall())
    keys = defaultdict(set)
    for text in texts:
        keys[before[text]].add(name_key(text))
    assert {key: now for key, now in keys.items() if len(now) > 1} == {}


def test_no_two_names_of_the_sources_fall_together(cells: dict[str, set[str]]) -> None:
    names = sorted(cells["name"])
    before = dict(duckdb.execute(KEY_OF_THE_WAREHOUSE, [f"{FULL}　", f"{HALF} ", names]).fetchall())
    keys = defaultdict(set)
    for name in names:
        keys[name_key(name)].add(before[name])
    assert {key: old for key, old in keys.items() if len(old) > 1} == {}
    assert name_key("AdPack²") != name_key("AdPack")


def test_a_column_may_keep_the_signs_at_its_end() -> None:
    assert display_form("Mihon²", keeps_marks=True) == "Mihon²"
    assert name_key("Mihon²", keeps_marks=True) == "mihon2"
    assert name_key("Mihon²") == "mihon"


@pytest.mark.parametrize("run", ["*", "※1", "1)", "注1", "²", "[1]", " *"])
def test_more_marks_than_a_value_can_have_are_none(run: str) -> None:
    text = "Mihon" + run * 10_000
    assert without_footnote_marks(text) == (text, ())
    assert without_footnote_marks("(" * 10_000 + "1)" * 10_000)[1] == ()


def test_a_long_run_of_blanks_is_one() -> None:
    assert clean("A" + " " * 30_000 + "B").text == "A B"


@pytest.mark.parametrize("row", read_values_table("footnote_mark"), ids=lambda row: row["mark"])
def test_the_example_of_each_footnote_mark_is_one(row: dict[str, str]) -> None:
    rest, marks = without_footnote_marks(row["example"])
    assert len(marks) == 1
    assert f"{rest}{marks[0]}" == row["example"].replace(" [", "[")


def test_the_tables_hold_what_their_readers_need() -> None:
    for path in FOLDER.glob("*.csv"):
        rows = read_values_table(path.stem)
        assert rows
        assert all(None not in row and None not in row.values() for row in rows), path.name
        if "source" in rows[0]:
            assert all(row["source"] for row in rows), path.name
    declared = read_values_table("nothing_token")
    assert len({folded_token(row["token"]) for row in declared}) == len(declared)
    assert {row["state"] for row in declared} <= set(states())
    assert set(tokens().values()) == {
        "none",
        "unknown",
        "not_applicable",
        "not_surveyed",
        "suppressed",
        "to_be_confirmed",
    }
    assert not {ord(today) for today in variant_kanji().values()} & set(variant_kanji())
    assert {row["kind"] for row in read_values_table("kind")} == set(KINDS)


def test_every_step_has_its_words() -> None:
    worded = {row["step"] for row in read_values_table("steps")}
    assert len(worded) == len(read_values_table("steps"))
    assert all(row["en"] and row["ja"] for row in read_values_table("steps"))
    used: set[str] = set()
    for path in FOLDER.glob("*.py"):
        code = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"NotANumber\(f?\"([a-z_]+)", code))
        used |= set(re.findall(r"steps\.append\(f?\"([a-z_]+)", code))
        used |= set(re.findall(r"_unreadable\((?:\*steps, )?f?\"([a-z_]+)", code))
    assert used <= worded
    assert {row["meaning"] for row in read_values_table("about_sign")} - {"at_most"} <= worded


def test_the_variant_kanji_are_at_least_those_that_names_are_matched_by() -> None:
    path = Path(text_module.__file__).parents[2] / "analytics" / "match_candidates" / "variant_kanji.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        matched = {row["variant"]: row["today"] for row in csv.DictReader(stream)}
    assert {variant: variant_kanji().get(ord(variant)) for variant in matched} == matched


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'number'"):
        read_value("numbers", "1")
