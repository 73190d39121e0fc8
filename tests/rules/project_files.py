"""The files of the project as the rules see them: what is tracked or would be, never what a command produced.

Belongs here: finding files and reading imports. Does not belong here: any rule.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ingest", "expectations", "analytics", "orchestration")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that git tracks or would add; from an archive without git, every file outside output folders."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        produced = {".venv", ".git", "warehouse", "inbox", "target", "logs", "build", "__pycache__"}
        walked = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        hidden = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis")
        names = [str(path) for path in walked if not {*path.parts} & {*produced, *hidden}]
    return tuple(sorted(ROOT / name for name in set(names) if (ROOT / name).is_file()))


def files_with(*suffixes: str, under: str = "") -> list[Path]:
    """Files with one of the endings, below a folder of the project."""
    return [path for path in project_files() if path.suffix in suffixes and path.is_relative_to(ROOT / under)]


def shown(path: Path) -> str:
    """The path as a message names it."""
    return path.relative_to(ROOT).as_posix()


def room_modules(room: str) -> list[Path]:
    """Python modules of a room; scripts kept beside source cards are no modules."""
    return [path for path in files_with(".py", under=room) if "sources" not in path.relative_to(ROOT).parts[:2]]


def imports(path: Path, *, at_load_only: bool = False) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import; with ``at_load_only`` those that run when the module is imported."""
    yield from _imports(ast.parse(path.read_text(encoding="utf-8")), at_load_only=at_load_only)


def _imports(tree: ast.AST, *, at_load_only: bool) -> Iterator[tuple[int, str]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: import from the room by its full name"
            yield node.lineno, node.module or ""
        elif at_load_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        elif at_load_only and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from (found for each in node.orelse for found in _imports(each, at_load_only=True))
        else:
            yield from _imports(node, at_load_only=at_load_only)
