"""The register that a build would read: all its decisions and clusters, and which of the decisions count.

Belongs here: putting the files of several folders together, withdrawals, ids. Does not belong here: bytes and lines
(``files``) and whether a new verdict may be written (``verdict``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ingest.registry.files import FileRow, RegisterFile, read_register_file

PLACING = ("same", "not_a_cluster", "not_identified")
WITHOUT_CLUSTER = ("not_a_cluster", "not_identified")
VERDICTS = ("same", "different", "unsure", *WITHOUT_CLUSTER)
# What a row and the later copy that withdraws it have in common; the same columns as in stg_registry__decision.
WITHDRAWAL_COLUMNS = ("mention_key", "cluster_id", "verdict", "decided_on")
ID_FORM = re.compile(r"([A-Z]{3})-([0-9]{4,})")


@dataclass(frozen=True)
class Decision:
    """One row of a ``decisions.csv``, as text, with the file and line in which it stands."""

    mention_key: str
    cluster_id: str
    verdict: str
    reason: str
    evidence_address: str
    decided_by: str
    decided_on: str
    withdrawn_on: str
    withdrawn_reason: str
    file: Path
    line: int

    @property
    def cells(self) -> dict[str, str]:
        """The row as it stands in the file."""
        return {name: value for name, value in vars(self).items() if name not in ("file", "line")}

    @property
    def place(self) -> str:
        """File and line as a reader finds them."""
        return f"{self.file}, line {self.line}"


@dataclass(frozen=True)
class Cluster:
    """One row of a ``clusters.csv``."""

    cluster_id: str
    unit_kind: str
    label: str
    country_code: str
    is_synthetic: bool
    note: str


@dataclass(frozen=True)
class Register:
    """Decisions and clusters of all folders together, with the files of the folder that is written to."""

    decisions: tuple[Decision, ...]
    clusters: dict[str, Cluster]
    decision_file: RegisterFile
    cluster_file: RegisterFile
    files: tuple[Path, ...]
    named_ids: frozenset[str]

    @cached_property
    def by_mention(self) -> dict[str, tuple[Decision, ...]]:
        """The decisions on each mention, withdrawn ones included, in the order of the files."""
        found: dict[str, list[Decision]] = {}
        for decision in self.decisions:
            found.setdefault(decision.mention_key, []).append(decision)
        return {key: tuple(rows) for key, rows in found.items()}

    def withdrawal(self, decision: Decision) -> Decision | None:
        """The row that withdraws this decision: itself or a copy further down or in a later file; None while it counts.

        The same verdict given once more below its withdrawal counts again.
        """
        rows = self.by_mention.get(decision.mention_key, ())
        same = [each for each in rows if _withdrawal_key(each) == _withdrawal_key(decision)]
        return next((each for each in same[same.index(decision) :] if each.withdrawn_on), None)

    def withdrawal_after(self, row: Mapping[str, str]) -> Decision | None:
        """The withdrawal in a later file that would take back a row added to the file that is written to."""
        target = self.files.index(self.decision_file.path)
        return next(
            (
                each
                for each in self.by_mention.get(row["mention_key"], ())
                if each.withdrawn_on
                and self.files.index(each.file) > target
                and all(each.cells[name] == row[name] for name in WITHDRAWAL_COLUMNS)
            ),
            None,
        )

    def live(self, mention_key: str) -> list[Decision]:
        """The decisions on a mention that count, of any verdict."""
        return [each for each in self.by_mention.get(mention_key, ()) if self.withdrawal(each) is None]

    def placing(self, mention_key: str) -> Decision | None:
        """The live decision that settles the mention, if there is one."""
        return next((each for each in self.live(mention_key) if each.verdict in PLACING), None)


def read_register(folders: Sequence[Path], target: Path) -> Register:
    """Read every folder of the register, the project's own first; ``target`` is written to and is read too.

    Raises:
        SourceError: a file that is not a table of the register.
    """
    decisions: list[Decision] = []
    clusters: dict[str, Cluster] = {}
    named: set[str] = set()
    files: dict[Path, tuple[RegisterFile, RegisterFile]] = {}
    for folder in dict.fromkeys(each.resolve() for each in (*folders, target)):
        decision_file, cluster_file = read_register_file(folder, "decision"), read_register_file(folder, "cluster")
        files[folder] = decision_file, cluster_file
        found = [_decision(decision_file.path, row) for row in decision_file.rows]
        # A folder that is a copy of another says nothing twice.
        known = {tuple(each.cells.values()) for each in decisions}
        decisions += [each for each in found if tuple(each.cells.values()) not in known] if known else found
        for row in cluster_file.rows:
            cluster = _cluster(row)
            clusters.setdefault(cluster.cluster_id, cluster)
        for row in read_register_file(folder, "event").rows:
            named.update(f"{row.cells['clusters_before']};{row.cells['clusters_after']}".split(";"))
    named.update(each.cluster_id for each in decisions)
    return Register(
        tuple(decisions),
        clusters,
        *files[target.resolve()],
        tuple(decision_file.path for decision_file, _ in files.values()),
        frozenset(named | set(clusters)),
    )


def next_ids(prefix: str, taken: Iterable[str], count: int) -> list[str]:
    """The next ``count`` running numbers after the highest ever given with this prefix; a gap is not filled."""
    numbers = [int(form[2]) for each in taken if (form := ID_FORM.fullmatch(each)) and form[1] == prefix]
    highest = max(numbers, default=0)
    return [f"{prefix}-{highest + step:04d}" for step in range(1, count + 1)]


def _withdrawal_key(decision: Decision) -> tuple[str, ...]:
    return tuple(getattr(decision, name) for name in WITHDRAWAL_COLUMNS)


def _decision(path: Path, row: FileRow) -> Decision:
    return Decision(**{name: cell.strip() for name, cell in row.cells.items()}, file=path, line=row.line)


def _cluster(row: FileRow) -> Cluster:
    cells = {name: cell.strip() for name, cell in row.cells.items()}
    return Cluster(
        cluster_id=cells["cluster_id"],
        unit_kind=cells["unit_kind"],
        label=cells["label"],
        country_code=cells["country_code"],
        is_synthetic=cells["is_synthetic"].lower() == "true",
        note=cells["note"],
    )
