"""How an edition differs from the last one of its family, or a file from what stood under its name before.

Belongs here: the comparison of two printed tables under what their cards say. Does not belong here: what follows from
it (``decision``), the page that shows it (``drift_page``), the header held against the card.

Memory is bounded: of a column at most ``MOST_VALUES`` different values are kept, and rows are compared by key only
up to ``MOST_KEYS``; what was left out is said.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.message import problem
from ingest.problem import Place, Problem
from ingest.source_card import SourceCard
from ingest.tables.cell_text import fold
from ingest.tables.printed import Printed

MOST_VALUES = 20_000
MOST_KEYS = 500_000
SHOWN = 10
# A column is proposed as renamed when its values say so, or its name does and its values do not speak against it.
VALUES_ALONE, NAME_LIKE, VALUES_WITH_NAME = 0.5, 0.5, 0.2
ROWS_CHANGED, BLANKS_CHANGED, KEYS_SHARED = 0.5, 0.2, 0.2


@dataclass(frozen=True)
class Edition:
    """A printed table with what its card says: names of columns are those printed in its header.

    ``ours`` maps them to our columns, ``key`` are those that tell rows apart, ``coded`` those with labels.
    """

    name: str
    printed: Printed
    ours: Mapping[str, str | None] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()
    expected_rows: tuple[int, int] | None = None


def edition_of(card: SourceCard, printed: Printed) -> Edition:
    """An edition as its card describes it; a key column that the card gives as a constant tells no rows apart."""
    printed_as = {ours: name for name, ours in card.column_map.items() if ours is not None}
    return Edition(
        f"{card.family} {card.edition}",
        printed,
        card.column_map,
        tuple(printed_as[ours] for ours in card.key if ours in printed_as),
        tuple(printed_as[ours] for ours in card.content.get("labels", {}) if ours in printed_as),
        card.expected_rows,
    )


@dataclass(frozen=True)
class Renamed:
    """A column that seems to have a new name: likeness of the names and share of common values, both 0 to 1."""

    old: str
    new: str
    likeness: float
    share: float


@dataclass(frozen=True)
class Change:
    """A cell of a row with the same key that says something else."""

    key: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class Drift:
    """The differences. Shares are 0 to 1; ``*_keys`` are examples of the keys counted before them.

    ``blanks`` holds each common column's share of empty cells before and after; ``n_added`` and the like are -1 when
    rows were not compared by key.
    """

    previous: str
    current: str
    n_before: int
    n_after: int
    expected_rows: tuple[int, int] | None
    added: Mapping[str, int]
    gone: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    labels_new: Mapping[str, tuple[str, ...]]
    blanks: Mapping[str, tuple[float, float]]
    n_shared: int = -1
    n_added: int = -1
    n_gone: int = -1
    n_changed: int = -1
    added_keys: tuple[str, ...] = ()
    gone_keys: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether nothing differs at all; never so when rows were not compared."""
        named = (self.added, self.gone, self.renamed, self.labels_new)
        return not any(named) and (self.n_added, self.n_gone, self.n_changed) == (0, 0, 0)


def compare(previous: Edition, current: Edition) -> Drift:
    """Compare an edition with the last one (or a file with its last revision), column by column and key by key."""
    before, after = _profile(previous), _profile(current)
    pairs = _same_columns(previous, current)
    added = {name: after.n_filled(name) for name in after.columns if name not in pairs.values()}
    gone = [name for name in before.columns if name not in pairs]
    renamed = _renamed(before, after, gone, list(added))
    both = dict(pairs)
    for each in renamed:
        both[each.old] = each.new
        gone.remove(each.old)
        del added[each.new]
    labels = {
        new: tuple(sorted(after.values[new] - before.values[old]))
        for old, new in both.items()
        if new in current.coded and len(after.values[new]) < MOST_VALUES
    }
    drift = Drift(
        previous.name, current.name, before.n_rows, after.n_rows, current.expected_rows,
        added, tuple(gone), tuple(renamed),
        {name: new for name, new in labels.items() if new},
        {new: (before.blank_share(old), after.blank_share(new)) for old, new in both.items()},
    )  # fmt: skip
    return _with_rows(drift, previous, current, both)


@dataclass
class _Profile:
    """Rows, and of each column its empty cells and its different values."""

    columns: tuple[str, ...]
    n_rows: int
    n_blank: dict[str, int]
    values: dict[str, set[str]]

    def n_filled(self, name: str) -> int:
        return self.n_rows - self.n_blank[name]

    def blank_share(self, name: str) -> float:
        return self.n_blank[name] / self.n_rows if self.n_rows else 0.0


def _profile(edition: Edition) -> _Profile:
    import pyarrow.compute as pc

    columns = edition.printed.facts.header
    profile = _Profile(columns, 0, dict.fromkeys(columns, 0), {name: set() for name in columns})
    for batch in edition.printed.batches():
        entries = batch.filter(pc.is_null(batch["left_out"]))
        profile.n_rows += entries.num_rows
        for place, name in enumerate(columns, start=1):
            cells = pc.utf8_trim_whitespace(entries[f"c{place}"])
            profile.n_blank[name] += pc.sum(pc.equal(cells, "")).as_py() or 0
            if len(profile.values[name]) < MOST_VALUES:
                profile.values[name].update(pc.unique(cells).to_pylist()[:MOST_VALUES])
                profile.values[name].discard("")
    return profile


def _same_columns(previous: Edition, current: Edition) -> dict[str, str]:
    """Old name to new name for columns of the same name, width and case aside, or mapped to the same one of ours."""
    new = {fold(name): name for name in current.printed.facts.header}
    ours = {mapped: name for name, mapped in current.ours.items() if mapped and name in current.printed.facts.header}
    pairs: dict[str, str] = {}
    for name in previous.printed.facts.header:
        match = new.get(fold(name)) or ours.get(previous.ours.get(name) or "")
        if match and match not in pairs.values():
            pairs[name] = match
    return pairs


def _renamed(before: _Profile, after: _Profile, gone: Sequence[str], added: Sequence[str]) -> list[Renamed]:
    """The best proposals, each column in one at most."""
    proposals = []
    for old in gone:
        for new in added:
            likeness = difflib.SequenceMatcher(None, fold(old), fold(new)).ratio()
            common, fewer = before.values[old] & after.values[new], min(len(before.values[old]), len(after.values[new]))
            share = len(common) / fewer if fewer else 0.0
            if (share >= VALUES_ALONE and len(common) >= 3) or (likeness >= NAME_LIKE and share >= VALUES_WITH_NAME):
                proposals.append(Renamed(old, new, likeness, share))
    chosen: list[Renamed] = []
    for each in sorted(proposals, key=lambda one: (-one.share - one.likeness, one.old, one.new)):
        if each.old not in {one.old for one in chosen} and each.new not in {one.new for one in chosen}:
            chosen.append(each)
    return chosen


def _with_rows(drift: Drift, previous: Edition, current: Edition, both: Mapping[str, str]) -> Drift:
    """The drift with rows compared by key, when both have one and neither is too long."""
    old_name = {new: old for old, new in both.items()}
    key = [name for name in current.key if name in old_name]
    if not key or len(key) < len(current.key) or max(drift.n_before, drift.n_after) > MOST_KEYS:
        return drift
    old_key, old_columns, new_columns = [old_name[name] for name in key], list(both), list(both.values())
    before = {label: hash(cells) for label, cells in _rows(previous.printed, old_key, old_columns)}
    after = {label: hash(cells) for label, cells in _rows(current.printed, key, new_columns)}
    added = [label for label in after if label not in before]
    gone = [label for label in before if label not in after]
    changed = [label for label, cells in after.items() if label in before and before[label] != cells]
    shown = set(changed[:SHOWN])
    old_rows = {label: cells for label, cells in _rows(previous.printed, old_key, old_columns) if label in shown}
    changes = [
        Change(label, name, old, new)
        for label, cells in _rows(current.printed, key, new_columns)
        if label in shown
        for name, old, new in zip(new_columns, old_rows[label], cells, strict=True)
        if old != new
    ]
    rows = {
        "n_shared": len(after) - len(added), "n_added": len(added), "n_gone": len(gone), "n_changed": len(changed),
        "added_keys": tuple(added[:SHOWN]), "gone_keys": tuple(gone[:SHOWN]), "changes": tuple(changes[: 2 * SHOWN]),
    }  # fmt: skip
    return Drift(**{**vars(drift), **rows})


def _rows(printed: Printed, key: Sequence[str], columns: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Key and cells of each entry; the second of two with one key is its ``#2``, as in the decision register."""
    place = {name: f"c{number}" for number, name in enumerate(printed.facts.header, start=1)}
    times: dict[str, int] = {}
    for batch in printed.batches():
        for row in batch.to_pylist():
            if row["left_out"] is None:
                label = " | ".join(" ".join(row[place[name]].split()) for name in key)
                times[label] = times.get(label, 0) + 1
                label = label if times[label] == 1 else f"{label}#{times[label]}"
                yield label, tuple(row[place[name]].strip() for name in columns)


def drift_problems(drift: Drift, file: str) -> list[Problem]:
    """What of a drift an officer should look at, each with a warning."""
    where, last = Place(file), {"previous": drift.previous}
    found = []
    for each in drift.renamed:
        share = percent(each.share)
        found.append(problem("drift_column_renamed", where, old=each.old, new=each.new, share=share, **last))
    for name, n_filled in drift.added.items():
        found.append(problem("drift_column_added", where, column=name, n_filled=n_filled, **last))
    for name in drift.gone:
        found.append(problem("drift_column_gone", where, column=name, **last))
    for name, new in drift.labels_new.items():
        labels = ", ".join(new[:SHOWN])
        found.append(problem("drift_labels_new", where, column=name, n=len(new), labels=labels, **last))
    if drift.expected_rows and not drift.expected_rows[0] <= drift.n_after <= drift.expected_rows[1]:
        fewest, most = drift.expected_rows
        found.append(problem("drift_rows_bounds", where, n_rows=drift.n_after, fewest=fewest, most=most))
    if abs(drift.n_after - drift.n_before) > ROWS_CHANGED * max(drift.n_before, 1):
        rows = {"n_rows": drift.n_after, "n_before": drift.n_before}
        found.append(problem("drift_rows_changed", where, **rows, **last))
    for name, (before, after) in drift.blanks.items():
        if abs(after - before) > BLANKS_CHANGED:
            shares = {"before": percent(before), "after": percent(after)}
            found.append(problem("drift_blanks", where, column=name, **shares, **last))
    n_rows = drift.n_shared + drift.n_added
    if drift.n_shared >= 0 and n_rows and drift.n_shared < KEYS_SHARED * n_rows:
        share = percent(drift.n_shared / n_rows)
        found.append(problem("drift_keys", where, share=share, **last))
    return found


def percent(share: float) -> str:
    """A share as a whole percentage; what is not 0 or all is not rounded to it."""
    return f"{round(100 * share)} %" if share in {0, 1} else f"{min(99, max(1, round(100 * share)))} %"
