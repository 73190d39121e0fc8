"""How files look: their size, their names, and what must not stand in any of them."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest

from expectations.border_out import E_MAIL, TELEPHONE
from tests.rules.project_files import ROOMS, files_with, project_files, room_modules, shown

LINE_LENGTH = 120
TEXT = (
    *(
        ".py",
        ".sql",
        ".yml",
        ".yaml",
        ".md",
        ".csv",
        ".json",
        ".toml",
        ".html",
        ".css",
        ".js",
        ".in",
        ".lock",
        ".R",
        ".txt",
    ),
    "",
)
THIS = "tests/rules/test_files.py"
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
# Addresses meant for examples, by RFC 2606 and RFC 6761.
EXAMPLE_HOSTS = re.compile(r"@(?:[\w-]+\.)*(?:example\.(?:org|com|net)|example|invalid|test)$")
FORBIDDEN = {
    "the address of a package registry": (
        # A letter in brackets, so that the pattern does not hold what it forbids.
        r"py[p]i\.org|python[h]osted|/simple\b|index-url\b|find-links|registry\.npm[j]s"
    ),
    "a path of one machine": r"(?<![\w.}/-])/(?:work|root|home|tmp|mnt|Users)/",
    "a source document by its file name": r"\b00\d_[0-9a-f]{6,}|\bseed 00\d\b",
    "a note that belongs into an issue": r"\b(?:TODO|FIXME|XXX|HACK)\b",
}
UNSAFE_CALLS = {"eval", "exec", "compile"}
UNSAFE_ATTRIBUTES = {
    ("yaml", "load"),
    ("yaml", "unsafe_load"),
    ("yaml", "full_load"),
    ("os", "system"),
    ("os", "popen"),
}
UNSAFE_MODULES = {"pickle", "shelve", "marshal", "cloudpickle", "dill"}


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def text_files() -> list[Path]:
    """Every text file but this one, which must name what it forbids, and the full text of the licence."""
    return [path for path in project_files() if path.suffix in TEXT and shown(path) not in {THIS, "LICENSE"}]


def too_long(paths: list[Path], limit: int) -> list[str]:
    return [f"{shown(path)}: {len(lines(path))} lines" for path in paths if len(lines(path)) > limit]


def test_no_file_is_longer_than_people_read() -> None:
    wrong = too_long(files_with(".py"), 350)
    wrong += too_long(files_with(".sql", under="dbt_project"), 150)
    wrong += too_long(files_with(".md"), 300)
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize(("suffix", "folders", "median"), [(".py", ROOMS, 120), (".sql", ("dbt_project/models",), 60)])
def test_the_usual_file_is_short(suffix: str, folders: tuple[str, ...], median: int) -> None:
    sizes = [len(lines(path)) for folder in folders for path in files_with(suffix, under=folder)]
    assert statistics.median(sizes) <= median


def test_lines_of_sql_are_short() -> None:
    """Those of Python are the formatter's business."""
    wrong = [
        f"{shown(path)}:{number} is {len(line)} characters long"
        for path in files_with(".sql", under="dbt_project")
        for number, line in enumerate(lines(path), start=1)
        if len(line) > LINE_LENGTH
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_every_module_says_what_belongs_there() -> None:
    wrong = [
        shown(path)
        for path in files_with(".py")
        if lines(path) and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_files_are_named_for_what_they_hold() -> None:
    wrong = [shown(path) for path in project_files() if VAGUE_NAMES & {path.stem.lower(), path.parent.name.lower()}]
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    wrong = [
        f"{shown(path)}:{number} holds {what}: {found.group()}"
        for path in text_files()
        for number, line in enumerate(lines(path), start=1)
        if (found := pattern.search(line))
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_nothing_is_run_or_loaded_unsafely() -> None:
    wrong = []
    for room in ROOMS:
        for path in [*room_modules(room), *files_with(".py", under=f"{room}/sources")]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if found := _unsafe(node):
                    wrong.append(f"{shown(path)}:{node.lineno} {found}")  # type: ignore[attr-defined]
    assert not wrong, "\n".join(["", *wrong])


def _unsafe(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in UNSAFE_CALLS:
            return f"calls {name}"
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if (module, name) in UNSAFE_ATTRIBUTES:
            return f"calls {module}.{name}"
        case ast.Import(names=names) if found := UNSAFE_MODULES & {alias.name for alias in names}:
            return f"imports {found.pop()}"
        case ast.ImportFrom(module=str(module)) if module in UNSAFE_MODULES:
            return f"imports {module}"
    return None


def test_no_personal_contact_data_is_in_the_repository() -> None:
    """The same patterns that keep contact data out of a release; the cases of their own test are made up.

    So is the telephone number of the synthetic survey, which nobody has: its exports are made by a generator.
    """
    e_mail, telephone = re.compile(E_MAIL), re.compile(TELEPHONE)
    cases = {"tests/unit/test_expectations.py"}
    generated = ("tests/fixtures/survey/study/", "ingest/sources/eu_japan_cooperation/")
    wrong = []
    for path in text_files():
        if shown(path) in cases or path.suffix in {".lock", ".R"}:
            continue
        for number, line in enumerate(lines(path), start=1):
            addresses = [each for each in e_mail.findall(line) if not EXAMPLE_HOSTS.search(each)]
            wrong += [f"{shown(path)}:{number} holds the e-mail address {each}" for each in addresses]
            is_data = path.suffix in {".csv", ".yml", ".yaml", ".md", ".json"}
            if is_data and not shown(path).startswith(generated) and (found := telephone.search(line)):
                wrong.append(f"{shown(path)}:{number} holds the telephone number {found.group()}")
    assert not wrong, "\n".join(["", *wrong])
