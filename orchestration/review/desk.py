"""The reviewer's desk: the worklist as it stands now, and the one place from which the register is written.

Belongs here: taking verdicts, minting ids, withdrawing, reading everything again. Does not belong here: keys, files of
worklists, sentences of rules (``ingest.registry.verdict``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from expectations.border_out import E_MAIL, TELEPHONE
from ingest.problem import Problem, SourceError
from ingest.registry.files import read_register_file, with_rows, write_register_files
from ingest.registry.register import PLACING, Decision, next_ids, read_register
from ingest.registry.verdict import (
    NEW,
    Known,
    Verdict,
    cluster_row,
    decision_row,
    one_line,
    reviewer_problems,
    superseded,
    tidy,
    verdict_problems,
    withdrawal_row,
)
from orchestration.review.evidence import Evidence, Mention, country_codes, unit_kinds
from orchestration.review.worklist import Worklist, seat_of

Row = dict[str, str]


@dataclass(frozen=True)
class Written:
    """What was written for one verdict: the row of ``decisions.csv``, and whether its id was minted for it."""

    row: Row
    is_minted: bool


class Desk:
    """A worklist, the folder of the register that is written to, and the day of the decisions (YYYY-MM-DD)."""

    def __init__(self, evidence: Evidence, folders: Sequence[Path], target: Path, today: str) -> None:
        self.evidence = evidence
        self.folders = tuple(folders)
        self.target = target
        self.today = today
        self.unit_kinds = unit_kinds()
        self.countries = country_codes()
        self.known = Known(
            mentions={key: each.is_synthetic for key, each in evidence.mentions.items()},
            documents=evidence.documents,
            countries=frozenset(self.countries.values()),
            unit_kinds=tuple(self.unit_kinds),
        )
        self.read_again()

    def read_again(self) -> None:
        """Read the files of the register as they are on the disk now."""
        self.worklist = Worklist(self.evidence, read_register(self.folders, self.target))

    def seat_of(self, mention: Mention) -> str:
        """Country code of the mention's seat as far as its row says it."""
        return seat_of(mention, self.countries, self.evidence.regions)

    def decide(self, verdicts: Sequence[Verdict]) -> list[Written]:
        """Write the verdicts, all of them or none.

        Raises:
            SourceError: a verdict may not be written, with every reason found; or the files changed meanwhile.
        """
        register = self.worklist.register
        given = [tidy(each) for each in verdicts]
        problems = verdict_problems(given, register, self.known, self.today)
        problems += [problem for each in given for problem in _personal_data(each)]
        if problems:
            raise SourceError(problems)
        given = self._with_ids(given)
        withdrawn = [old for each in given for old in superseded(each, register)]
        written = [Written(decision_row(each, self.today), each.verdict == NEW) for each in given]
        minted = [
            cluster_row(each, is_synthetic=self.known.mentions[each.mention_key], today=self.today)
            for each in given
            if each.verdict == NEW
        ]
        self._write(minted, [each.row for each in written], dict.fromkeys(withdrawn, "the reviewer is sure now"))
        return written

    def is_written(self, verdict: Verdict) -> bool:
        """Whether a live decision says the same already, in the same words: a worklist may come back more than once."""
        given = tidy(verdict)
        row = decision_row(given, self.today)
        clusters = self.worklist.register.clusters
        for each in self.worklist.register.live(given.mention_key):
            cluster = clusters.get(each.cluster_id)
            is_minted = given.verdict == NEW and cluster is not None and cluster.label == one_line(given.label)
            if (each.verdict, each.reason) == (row["verdict"], row["reason"]) and (
                is_minted or each.cluster_id == given.cluster_id
            ):
                return True
        return False

    def withdraw(self, decision: Decision, reason: str, reviewer: str) -> None:
        """Take a decision back: a copy of its row with the day and the reason is added.

        Raises:
            SourceError: no reason, already withdrawn, decided after today, or the files changed meanwhile.
        """
        problems = reviewer_problems(reviewer, "--by")
        where = decision.place
        if not one_line(reason):
            problems.append(
                Problem(
                    f"the withdrawal of the decision on {decision.mention_key} has no reason",
                    where,
                    "an empty reason",
                    "words that another officer can check",
                    "say why, with --reason",
                )
            )
        if self.worklist.register.withdrawal(decision) is not None:
            problems.append(
                Problem(
                    f"the decision on {decision.mention_key} is withdrawn already",
                    where,
                    f"withdrawn on {self._withdrawn_on(decision)}",
                    "a decision that counts",
                    "nothing is to be done",
                )
            )
        if decision.decided_on > self.today:
            problems.append(
                Problem(
                    f"the decision on {decision.mention_key} would be withdrawn before it was made",
                    where,
                    f"decided on {decision.decided_on}, and today is {self.today} on this machine",
                    "a day that is not after today",
                    "correct the clock of this machine",
                )
            )
        if problems:
            raise SourceError(problems)
        self._write([], [], {decision: f"{one_line(reason)} ({reviewer})"})

    def decision_to_undo(self, mention_key: str, cluster_id: str = "") -> Decision:
        """The live decision on a mention that an undo means: the one that settles it, else the only one.

        Raises:
            SourceError: there is none, or several and no cluster to tell them apart.
        """
        live = [each for each in self.worklist.register.live(mention_key) if cluster_id in ("", each.cluster_id)]
        settling = [each for each in live if each.verdict in PLACING]
        if len(settling) == 1 or len(live) == 1:
            return (settling or live)[0]
        found = "; ".join(f"{each.verdict} {each.cluster_id} ({each.place})" for each in live)
        raise SourceError(
            [
                Problem(
                    "it is not clear which decision is to be undone" if live else "there is no decision to undo",
                    mention_key,
                    found or "no decision that counts",
                    "one decision that counts",
                    "name its cluster with --cluster" if live else "look the mention up in decisions.csv",
                )
            ]
        )

    def _withdrawn_on(self, decision: Decision) -> str:
        row = self.worklist.register.withdrawal(decision)
        return f"{row.withdrawn_on}, {row.place}" if row else ""

    def _with_ids(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """The verdicts ``new`` with an id each. Several at a time get theirs in an order that tells nothing: neither
        that of the names nor that of the list, so that nobody reads a rank into an id.
        """
        taken = self.evidence.cluster_ids | self.worklist.register.named_ids
        ids: dict[str, str] = {}
        for prefix, is_japan in (("JPC", True), ("EUC", False)):
            keys = [
                each.mention_key for each in verdicts if each.verdict == NEW and (each.country_code == "JP") == is_japan
            ]
            keys.sort(key=lambda key: hashlib.sha256(key.encode()).hexdigest())
            ids |= dict(zip(keys, next_ids(prefix, taken, len(keys)), strict=True))
        return [replace(each, cluster_id=ids[each.mention_key]) if each.verdict == NEW else each for each in verdicts]

    def _write(self, clusters: Sequence[Row], decisions: Sequence[Row], withdrawn: Mapping[Decision, str]) -> None:
        """Clusters first: a crash between the two leaves an id without a decision, never the reverse.

        A withdrawal counts for what stands before it, so it goes into the file of the decision if that one comes
        after the file that is written to.
        """
        register = self.worklist.register
        files = {register.cluster_file.path: register.cluster_file, register.decision_file.path: register.decision_file}
        added: dict[Path, list[Row]] = {
            register.cluster_file.path: [*clusters],
            register.decision_file.path: [*decisions],
        }
        for decision, reason in withdrawn.items():
            path = register.decision_file.path
            if register.files.index(decision.file) > register.files.index(path):
                path = decision.file
                files[path] = read_register_file(path.parent, "decision")
            added.setdefault(path, []).insert(0, withdrawal_row(decision, self.today, reason))
        write_register_files(
            [(file, with_rows(file, added[path])) for path, file in files.items() if added[path] or not file.content]
        )
        self.read_again()


def _personal_data(verdict: Verdict) -> list[Problem]:
    """Contact data in what would be published; the border out would stop the release for it later."""
    problems = []
    for name in ("reason", "evidence_address", "label"):
        found = re.search(f"{E_MAIL}|{TELEPHONE}", getattr(verdict, name))
        if found:
            problems.append(
                Problem(
                    f"the {name} of the verdict on {verdict.mention_key} holds contact data",
                    verdict.place,
                    f"'{found.group()}'",
                    "no e-mail address and no telephone number; decisions are published",
                    "say in other words who told it",
                )
            )
    return problems
