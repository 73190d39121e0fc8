"""Make small source editions for tests: a card and its file in a folder."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any

import yaml

CARD: dict[str, Any] = {
    "id": "sample_list-2020",
    "kind": "organisation_list",
    "table": "organisation",
    "family": "sample_list",
    "edition": "2020",
    "title": "List of sample clusters",
    "publisher": {"name": "Sample Office", "country": "JP", "official": False},
    "page_address": "https://list.example.org/2020",
    "file": "list.csv",
    "published": "2020-04",
    "accessed": "2020-06-01",
    "reference_date": "2020-04-01",
    "language": ["en", "ja"],
    "licence": {"name": "made for tests"},
    "obtained": "generated",
    "reviewed_by": "registry editor",
    "reviewed_on": "2020-06-02",
    "scope_rule": "made for tests",
    "synthetic": True,
    "columns": {"No": "entry_no", "Name": "name", "Prefecture": "prefecture"},
    "expected_rows": {"min": "1", "max": "9"},
}
ROWS = "No,Name,Prefecture\n1,Mihon Cluster,Hyogo\n2,見本クラスター,Osaka\n"


def write_edition(folder: Path, text: str | bytes = ROWS, **changes: Any) -> Path:
    """Write a card and its file, as if they had lain for a while; a change to None takes the field away.

    Returns the card's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = text.encode() if isinstance(text, str) else text
    card = {**CARD, "sha256": hashlib.sha256(content).hexdigest(), **changes}
    card = {name: value for name, value in card.items() if value is not None}
    (folder / str(card.get("file", "list.csv"))).write_bytes(content)
    path = folder / "source.yml"
    path.write_text(yaml.safe_dump(card, allow_unicode=True, sort_keys=False), encoding="utf-8")
    # A drop folder waits for what changed a moment ago.
    then = time.time() - 60
    for each in (path, folder / str(card.get("file", "list.csv"))):
        os.utime(each, (then, then))
    return path
