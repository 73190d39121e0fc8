"""Accepted editions whose files are gone from the drop folder, and those with a newer file in quarantine.

Belongs here: asking before an edition leaves the catalogue. Does not belong here: carrying a withdrawal out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from ingest.intake.accepted import Revision
from ingest.intake.drop_folder import below
from ingest.intake.offers import Offers
from ingest.intake.quarantine import Quarantined
from ingest.message import problem
from ingest.problem import Problem, SourceError, nearest_word


def check_presence(active: Mapping[str, Revision], there: Collection[str], inbox: Path) -> None:
    """Every accepted edition must be in the drop folder or its quarantine, or be withdrawn.

    Raises:
        SourceError: STOP for each edition that is not among ``there``.
    """
    gone = [revision for edition, revision in active.items() if edition not in there]
    if gone:
        raise SourceError(
            problem(
                "edition_withdrawn",
                str(inbox),
                edition=each.edition_id,
                number=each.number,
                path=each.record["file"],
                # Below the output folder: a long path would be cut.
                copy="/".join(each.folder.parts[-4:]),
            )
            for each in gone
        )


def check_withdrawals(
    active: Mapping[str, Revision], there: Collection[str], inbox: Path, withdraw: Sequence[str]
) -> None:
    """Only an accepted edition whose files are gone can be withdrawn.

    Raises:
        SourceError: STOP for each that cannot.
    """
    problems = []
    for edition in withdraw:
        if edition not in active:
            near, known = nearest_word(edition, active) or None, ", ".join(active) or None
            problems.append(problem("withdraw_unknown", "--withdraw", edition=edition, known=known, near=near))
        elif edition in there:
            path = active[edition].record["file"]
            problems.append(problem("withdraw_still_there", str(inbox), edition=edition, path=path))
    if problems:
        raise SourceError(problems)


def in_quarantine(active: Mapping[str, Revision], aside: Sequence[Quarantined], inbox: Path) -> list[Problem]:
    """A warning for each accepted edition with a newer file in quarantine."""
    return [
        problem(
            "in_quarantine",
            below(each.report, inbox),
            edition=each.edition_id,
            report=below(each.report, inbox),
            number=active[each.edition_id].number,
        )
        for each in aside
        if each.edition_id in active
    ]


def editions_there(active: Mapping[str, Revision], offers: Offers, odd: Iterable[Path], inbox: Path) -> set[str]:
    """Editions on offer, and those whose file or card is there but cannot be read, or still arrives."""
    found = {offer.edition_id for offer in offers.offers if offer.card is not None}
    unclear = [path for offer in offers.offers if offer.card is None for path in offer.paths]
    return found | {edition_at(active, [path], inbox) for path in (*unclear, *offers.waiting, *odd)} - {""}


def edition_at(active: Mapping[str, Revision], paths: Iterable[Path], inbox: Path) -> str:
    """The accepted edition that came from one of these places; empty if none did."""
    names = [below(path, inbox) for path in paths]
    for edition, revision in active.items():
        recorded = [str(name) for name in (revision.record["file"], revision.record["card"]) if name]
        if any(_is_of(name, known) for name in names for known in recorded):
            return edition
    return ""


def _is_of(name: str, known: str) -> bool:
    """Whether a name is the file, the same file on its way (``name.part``), or a folder above it."""
    return name == known or name.startswith(f"{known}.") or known.startswith(f"{name}/")
