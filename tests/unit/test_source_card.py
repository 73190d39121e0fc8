"""A card is read, and every breach is told with file, line and field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.problem import SourceError
from ingest.source_card import read_card
from tests.unit.edition import write_edition


def test_reads_a_card(tmp_path: Path) -> None:
    card = read_card(write_edition(tmp_path))
    assert (card.source_id, card.family, card.edition) == ("sample_list-2020", "sample_list", "2020")
    assert card.column_map == {"No": "entry_no", "Name": "name", "Prefecture": "prefecture"}
    assert card.key == ("name",)
    assert card.expected_rows == (1, 9)


def test_reads_yaml_as_text(tmp_path: Path) -> None:
    """Norway's code is not the truth value 'no', and an edition 2016 or a date needs no quotation marks."""
    path = write_edition(tmp_path)
    text = path.read_text().replace("country: JP", "country: NO").replace("edition: '2020'", "edition: 2020")
    path.write_text(text.replace("accessed: '2020-06-01'", "accessed: 2020-06-01"))
    card = read_card(path)
    assert card.content["publisher"]["country"] == "NO"
    assert card.edition == "2020"
    assert card.content["accessed"] == "2020-06-01"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": None}, "", "the field 'title' is missing"),
        ({"knd": "x"}, "knd", "nearest known: kind"),
        ({"kind": "organization_list"}, "kind", "one of organisation_list"),
        ({"table": "organisations"}, "table", "nearest known: organisation"),
        ({"accessed": "2020-13-01"}, "accessed", "a real date"),
        ({"sha256": "abc"}, "sha256", "'abc'"),
        ({"file": "../list.csv"}, "file", "no folder"),
        ({"publisher": {"name": "X Y", "country": "Japan", "official": True}}, "publisher > country", "ISO 3166-1"),
        ({"columns": {"Name": "nam"}}, "columns > Name", "nearest known: name"),
        ({"columns": {"A": "name", "B": "name"}}, "columns", "filled twice"),
        ({"columns": {"A": "entry_no"}}, "columns", "our column 'name' is not filled"),
        ({"expected_rows": {"min": "9", "max": "1"}}, "expected_rows", "turned round"),
        ({"expected_rows": {"min": "1", "max": "99999999999"}}, "expected_rows > max", "99999999999"),
        ({"published": "2016-13"}, "published", "YYYY-MM"),
        ({"blanks_accepted": ["prefectur"]}, "blanks_accepted > 0", "nearest known: prefecture"),
        ({"key": ["nme"]}, "key > 0", "nearest known: name"),
        ({"labels": {"name": {"A": "b"}}}, "labels > name", "not a coded column"),
        ({"constants": {"contry": "JP"}}, "constants > contry", "nearest known: country"),
    ],
)
def test_tells_file_line_and_field(tmp_path: Path, changes: dict[str, Any], field: str, sentence: str) -> None:
    path = write_edition(tmp_path, **{"file": "list.csv"} | {k: v for k, v in changes.items() if k != "file"})
    if "file" in changes:
        path.write_text(path.read_text().replace("file: list.csv", f"file: {changes['file']}"))
    with pytest.raises(SourceError) as caught:
        read_card(path)
    told = str(caught.value)
    assert sentence in told
    assert str(path) in told
    if field:
        top = field.split(" > ")[0]
        line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if text.startswith(f"{top}:"))
        named = int(told.split("line ")[1].split(":")[0])
        assert line <= named <= line + 6


def test_refuses_a_field_given_twice(tmp_path: Path) -> None:
    path = write_edition(tmp_path)
    path.write_text(path.read_text() + "title: Another\n")
    with pytest.raises(SourceError, match="a field is given twice"):
        read_card(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n- b\n",
        "id: 'x\n",
        "a: b: c\n",
        "~: x\n",
        "? [a]\n: x\n",
        "id: a\x01b\n",
        "expected_rows: !!int abc\n",
        "known_gaps: &a [*a]\n",
        "a: &x [1]\nb: *x\n",
        "a: " + "[" * 3000,
        "a: " + "[" * 20 + "]" * 20,
    ],
)
def test_broken_yaml_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "source.yml"
    path.write_text(text)
    with pytest.raises(SourceError, match="What to do") as caught:
        read_card(path)
    assert str(path) in str(caught.value)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_card(write_edition(tmp_path, title=None, reviewed_on="soon", knd="x"))
    assert len(caught.value.problems) == 3
