"""The `meta` schema of a release: what it was made of and how it was checked.

Belongs here: facts about the build that are the same whenever the same content is built. Does not belong here: times,
hosts, users.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestration.release.identity import Identity
from orchestration.release.relations import TableText


@dataclass(frozen=True)
class CheckRow:
    """One check of the build and its outcome."""

    subject: str
    check_name: str
    severity: str
    is_passed: bool
    message: str | None


TEXTS = {
    "meta.build": TableText(
        "One row: what this release was made of.",
        {
            "release_id": "Id of the release, a hash of the three hashes beside it.",
            "inputs_sha256": "Hash over all source cards, files and registry rows that were read, over the list of "
            "respondents left out and, where real answers were read, the mark of the key of their pseudonyms.",
            "code_sha256": "Hash over the program and the models.",
            "lock_sha256": "Hash of the lock file, which fixes the version of every library.",
        },
        ("release_id",),
    ),
    "meta.check_result": TableText(
        "One row per check of this build: Great Expectations at both borders and dbt tests in between.",
        {
            "subject": "What was checked: an asset of the pipeline.",
            "check_name": "Name of the check.",
            "severity": "error (stops a release) or warn (is told).",
            "is_passed": "Whether the check held.",
            "message": "What was found, in words; null when nothing is to be said.",
        },
        ("subject", "check_name"),
    ),
    "meta.column_lineage": TableText(
        "One row per column of a model and column of a parent that it is made of.",
        {
            "model": "Model of the warehouse, or the wide table of a survey wave.",
            "column_name": "Column of the model.",
            "parent": "Model, seed or source that it reads; of a wide table the id of the source.",
            "parent_column": "Column of the parent; of a wide table the printed header.",
        },
        ("model", "column_name", "parent", "parent_column"),
    ),
}


def meta_texts() -> dict[str, TableText]:
    """Descriptions of the `meta` tables."""
    return dict(TEXTS)


def write_meta(folder: Path, lineage: Sequence[dict[str, Any]], identity: Identity, checks: Sequence[CheckRow]) -> None:
    """Write one Parquet file for each `meta` table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    text, flag = pa.string(), pa.bool_()
    build = [
        {
            "release_id": identity.release_id,
            "inputs_sha256": identity.inputs,
            "code_sha256": identity.code,
            "lock_sha256": identity.lock,
        }
    ]
    tables: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
        "build": (build, dict.fromkeys(TEXTS["meta.build"].columns, text)),
        "check_result": (
            [asdict(row) for row in checks],
            {**dict.fromkeys(TEXTS["meta.check_result"].columns, text), "is_passed": flag},
        ),
        "column_lineage": (list(lineage), dict.fromkeys(TEXTS["meta.column_lineage"].columns, text)),
    }
    for name, (rows, types) in tables.items():
        table = pa.Table.from_pylist(rows, pa.schema(list(types.items())))
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd")
