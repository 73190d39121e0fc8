"""Names and texts of published tables and views.

Belongs here: what composing, exporting and comparing releases share. Does not belong here: any of the three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TableText:
    """Description of a table and of its columns, as they travel into DuckDB comments, dictionary and data package."""

    description: str
    columns: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()


def quoted(name: str) -> str:
    """``schema.table`` as SQL takes it, whatever signs the name of a survey has."""
    return ".".join(quoted_name(part) for part in name.split(".", 1))


def quoted_name(name: str) -> str:
    """One name, of a column for example, as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'
