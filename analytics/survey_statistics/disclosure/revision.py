"""Releases of the same survey with other responses: what the difference between the two tells.

Belongs here: finding revised releases and differences that are too small. Does not belong here: releases with the same
responses, which are simply more that is known (``attack``).
"""

from __future__ import annotations

from collections.abc import Sequence

from analytics.survey_statistics.disclosure.publication import COUNT, Finding, Key, Printed, in_words
from analytics.survey_statistics.disclosure.rules import Rules

Counts = dict[Key, float]


def counts_by_release(rows: Sequence[Printed]) -> dict[str | None, Counts]:
    """The counts that were printed exactly, by release (None: the one that is to be published)."""
    found: dict[str | None, Counts] = {None: {}}
    for row in rows:
        if row.measure == COUNT and row.lower is not None and row.lower == row.upper and not row.is_exempt:
            found.setdefault(row.release, {})[row.key] = row.lower
    return found


def revised_releases(rows: Sequence[Printed]) -> frozenset[str]:
    """Earlier releases in which a count differs from the one that is to be published: other responses are in them."""
    return revised(counts_by_release(rows))


def revised(found: dict[str | None, Counts]) -> frozenset[str]:
    """The same for counts by release."""
    new = found[None]
    return frozenset(
        release
        for release, old in found.items()
        if release is not None and any(old[key] != new[key] for key in old.keys() & new.keys())
    )


def revision_findings(rows: Sequence[Printed], releases: frozenset[str], rules: Rules) -> list[Finding]:
    """Groups in which so few responses came, went or changed that two releases together tell their answers."""
    return differences(counts_by_release(rows), releases, rules)


def differences(found: dict[str | None, Counts], releases: frozenset[str], rules: Rules) -> list[Finding]:
    """The same for counts by release."""
    new = found[None]
    findings = []
    for release in sorted(releases):
        moved = {key: new[key] - found[release][key] for key in sorted(found[release].keys() & new.keys())}
        if any(abs(moved[key]) >= rules.threshold for key in moved if not key):
            continue
        few = [key for key, by in moved.items() if 0 < abs(by) < rules.threshold and key]
        if few:
            key = max(few, key=lambda key: (len(key), key))
            findings.append(_finding(release, key, found[release][key], new[key], len(few), rules))
    return findings


def _finding(release: str, key: Key, old: float, new: float, how_many: int, rules: Rules) -> Finding:
    words = in_words(key)
    return Finding(
        "revision",
        key,
        COUNT,
        abs(new - old),
        abs(new - old),
        f"{how_many} counts differ from release {release} by fewer than {rules.threshold} responses, for instance "
        f"{words}: {old:g} before, {new:g} now. The difference tells what those few answered. Withdraw that release, "
        f"or wait until {rules.threshold} or more responses have changed.",
        f"{words}: {new:g} - {old:g} = {new - old:g}",
    )
