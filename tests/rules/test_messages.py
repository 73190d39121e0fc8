"""The catalogue of messages and the code agree: codes, placeholders, both languages.

Belongs here: what can be told of the wording by its form. Does not belong here: which message a fault causes
(tests/faults).
"""

from __future__ import annotations

import ast
import csv
import string
from collections.abc import Iterator

import pytest

from ingest.lint import lint
from ingest.message import PARTS, catalogue
from ingest.values.tables import read_table_beside
from tests.rules.project_files import ROOMS, files_with, room_modules, shown

# Values that differ by language: {reason} in English, {reason_ja} in Japanese.
OTHER_LANGUAGE = "_ja"


def placeholders(code: str, *languages: str) -> set[str]:
    """The names in the wording of a message."""
    row = catalogue()[code]
    text = "".join(row[f"{part}_{language}"] for part in PARTS for language in languages)
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in room_modules(room):
            yield shown(path), ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def calls() -> Iterator[tuple[str, str, set[str], bool]]:
    """Place, code and names of values of each call that names its code, and whether it passes others on."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and called(node) in {"problem", "UnreadError"} and node.args):
                continue
            if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                names = {each.arg for each in node.keywords if each.arg}
                # A value that cannot be read is told with its text by who asks for the problem.
                names |= {"text"} if called(node) == "UnreadError" else set()
                yield f"{path}:{node.lineno}", node.args[0].value, names, any(not each.arg for each in node.keywords)


def test_every_problem_of_the_code_is_in_the_catalogue_with_all_its_values() -> None:
    told = list(calls())
    assert [(place, code) for place, code, _, _ in told if code not in catalogue()] == []
    missing = [
        (place, code, placeholders(code, "en", "ja") - names) for place, code, names, is_open in told if not is_open
    ]
    assert [each for each in missing if each[-1]] == []


def test_no_problem_is_given_a_value_that_its_wording_does_not_show() -> None:
    unused = [(place, code, names - placeholders(code, "en", "ja") - {"text"}) for place, code, names, _ in calls()]
    assert [each for each in unused if each[-1]] == []


def test_every_message_is_used() -> None:
    used = {f"lint_{row['rule']}" for row in read_table_beside(lint.__file__, "rule")}
    # Reviewed tables name messages too, such as that of the formats that are refused.
    for path in files_with(".csv", under="ingest/tables"):
        with path.open(encoding="utf-8", newline="") as stream:
            used |= {row.get("code", "") for row in csv.DictReader(stream)}
    for _, tree in trees():
        used |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    assert sorted(set(catalogue()) - used) == []


@pytest.mark.parametrize("code", catalogue())
def test_both_languages_say_the_same_values(code: str) -> None:
    assert {name.removesuffix(OTHER_LANGUAGE) for name in placeholders(code, "ja")} == placeholders(code, "en")


@pytest.mark.parametrize("code", catalogue())
def test_parts_join_into_sentences(code: str) -> None:
    row = catalogue()[code]
    for part in PARTS:
        en, ja = row[f"{part}_en"], row[f"{part}_ja"]
        assert en.strip() == en != "", part
        assert ja.strip() == ja != "", part
        assert not en.endswith("."), part
        assert not ja.endswith("。"), part
        assert "(s)" not in en, part
