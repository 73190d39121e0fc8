"""What a reviewer wants to write about mentions, checked against the register before anything is written.

Belongs here: the rules a new verdict must meet, each with its sentence, and the rows that come of it. Does not belong
here: where a verdict comes from (a screen, a worklist) and what is printed on the mention.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from shlex import quote

from ingest.problem import Problem, nearest
from ingest.registry.register import PLACING, WITHOUT_CLUSTER, Decision, Register

NEW = "new"
# Said instead of a country by somebody who knows that the body has no seat; no answer is no such statement.
NO_SEAT = "-"
CHOICES = ("same", "different", "unsure", NEW, *WITHOUT_CLUSTER)
KEYS_COMPARED = 2000
WITHDRAW_FIRST = "if it was wrong, withdraw it first: observatory review --undo {}{} --reason '...' --by ROLE"


@dataclass(frozen=True)
class Verdict:
    """One verdict as the reviewer gave it; ``new`` asks for an id and becomes ``same`` with it.

    ``place`` says where it was given (file and line of a worklist, or the screen) for the sentences.
    """

    mention_key: str
    verdict: str
    cluster_id: str
    reason: str
    evidence_address: str
    decided_by: str
    unit_kind: str = ""
    label: str = ""
    country_code: str = ""
    place: str = "on the screen"


@dataclass(frozen=True)
class Known:
    """What a verdict may speak of: mentions (key -> is synthetic), codes of documents, countries and unit kinds."""

    mentions: Mapping[str, bool]
    documents: Collection[str]
    countries: Collection[str]
    unit_kinds: Collection[str]


def verdict_problems(verdicts: Sequence[Verdict], register: Register, known: Known, today: str) -> list[Problem]:
    """Everything that keeps these verdicts from being written together; empty if they may be."""
    problems: list[Problem] = []
    sound: list[Verdict] = []
    for verdict in verdicts:
        found = [*_unfit(verdict, register, known), *reviewer_problems(verdict.decided_by, verdict.place)]
        problems += found
        if not found:
            sound.append(verdict)
    for verdict in sound:
        problems += _contradictions(verdict, register, today)
    return problems + _repetitions(sound)


def reviewer_problems(role: str, place: str) -> list[Problem]:
    """Whether ``role`` can stand in ``decided_by``: a role, never somebody's address."""
    if not role:
        return [
            Problem(
                "nobody is named who decides",
                place,
                "no role",
                "a role such as 'registry editor'",
                "give it with --by ROLE, in OBSERVATORY_REVIEWER or in the column decided_by",
            )
        ]
    if "@" in role:
        return [
            Problem(
                "the one who decides is named by an e-mail address",
                place,
                f"'{role}'",
                "a role such as 'registry editor', never a person",
                "write the role; personal contact data is not published",
            )
        ]
    return []


def superseded(verdict: Verdict, register: Register) -> list[Decision]:
    """Live rows that the verdict takes the place of: being unsure about a pair ends when somebody is sure."""
    return [
        each
        for each in register.live(verdict.mention_key)
        if each.verdict == "unsure" and each.cluster_id == verdict.cluster_id != "" and verdict.verdict != "unsure"
    ]


def decision_row(verdict: Verdict, today: str) -> dict[str, str]:
    """The row of ``decisions.csv`` for a verdict that was checked and, if it was ``new``, has its id."""
    return {
        "mention_key": verdict.mention_key,
        "cluster_id": verdict.cluster_id,
        "verdict": "same" if verdict.verdict == NEW else verdict.verdict,
        "reason": one_line(verdict.reason),
        "evidence_address": one_line(verdict.evidence_address),
        "decided_by": one_line(verdict.decided_by),
        "decided_on": today,
        "withdrawn_on": "",
        "withdrawn_reason": "",
    }


def withdrawal_row(decision: Decision, today: str, reason: str) -> dict[str, str]:
    """The copy of a decision that takes it back."""
    return {**decision.cells, "withdrawn_on": today, "withdrawn_reason": one_line(reason)}


def cluster_row(verdict: Verdict, *, is_synthetic: bool, today: str) -> dict[str, str]:
    """The row of ``clusters.csv`` for a verdict ``new`` that has its id."""
    return {
        "cluster_id": verdict.cluster_id,
        "unit_kind": verdict.unit_kind,
        "label": one_line(verdict.label),
        "country_code": "" if verdict.country_code == NO_SEAT else verdict.country_code,
        "is_synthetic": "true" if is_synthetic else "false",
        "minted_on": today,
        "note": "",
    }


def one_line(text: str) -> str:
    """Text without line breaks and doubled blanks, so that a row of the register stays a line."""
    return " ".join(text.split())


def tidy(verdict: Verdict) -> Verdict:
    """The verdict with codes in capital letters, and without a cluster where its kind has none."""
    has_cluster = verdict.verdict not in (*WITHOUT_CLUSTER, NEW)
    return replace(
        verdict,
        cluster_id=verdict.cluster_id.strip() if has_cluster else "",
        country_code=verdict.country_code.strip().upper(),
    )


def _unfit(verdict: Verdict, register: Register, known: Known) -> list[Problem]:
    """What is wrong with one verdict by itself."""
    where, key = verdict.place, verdict.mention_key
    if verdict.verdict not in CHOICES:
        return [
            Problem(
                f"the verdict on {key} is not one of ours",
                where,
                f"'{verdict.verdict}'{nearest(verdict.verdict, CHOICES)}",
                ", ".join(CHOICES),
                "correct the cell",
            )
        ]
    if key not in known.mentions:
        return [
            Problem(
                "no mention has this key",
                where,
                f"'{key}'{nearest(key, _keys_like(key, known))}",
                "a mention of the last build, as in 'observatory review --list'",
                "copy the key from the worklist; after adding an edition run 'observatory build' first",
            )
        ]
    problems = []
    if not one_line(verdict.reason):
        problems.append(
            Problem(
                f"the verdict '{verdict.verdict}' on {key} has no reason",
                where,
                "an empty reason",
                "words that another officer can check",
                "say why",
            )
        )
    problems += _evidence_problems(verdict, known)
    if verdict.verdict == NEW:
        problems += _new_problems(verdict, known)
    elif verdict.verdict not in WITHOUT_CLUSTER:
        problems += _cluster_problems(verdict, register, known)
    return problems


def _keys_like(key: str, known: Known) -> list[str]:
    """Keys of the same edition and role, few enough to be compared letter by letter."""
    edition = key.rpartition("/")[0]
    return [each for each in known.mentions if each.startswith(edition)][:KEYS_COMPARED]


def _evidence_problems(verdict: Verdict, known: Known) -> list[Problem]:
    address = verdict.evidence_address.strip()
    if address.startswith(("http://", "https://")) or address in known.documents:
        return []
    return [
        Problem(
            f"the evidence for {verdict.mention_key} cannot be looked up",
            verdict.place,
            f"'{address}'",
            "an address that begins with https:// or http://, or a document of the document list",
            "give the address of the page in which it stands",
        )
    ]


def _new_problems(verdict: Verdict, known: Known) -> list[Problem]:
    problems = []
    if verdict.unit_kind not in known.unit_kinds:
        problems.append(
            Problem(
                f"the kind of the new cluster for {verdict.mention_key} is not one of ours",
                verdict.place,
                f"'{verdict.unit_kind}'{nearest(verdict.unit_kind, known.unit_kinds)}",
                ", ".join(known.unit_kinds),
                "choose one; the mapping guide says which is which",
            )
        )
    if not one_line(verdict.label):
        problems.append(
            Problem(
                f"the new cluster for {verdict.mention_key} has no label",
                verdict.place,
                "an empty label",
                "the name by which an editor finds it",
                "write the name as printed",
            )
        )
    has_no_seat = verdict.country_code == NO_SEAT or (not verdict.country_code and verdict.unit_kind == "partnership")
    if not has_no_seat and verdict.country_code not in known.countries:
        problems.append(
            Problem(
                f"the country of the new cluster for {verdict.mention_key} is not a code of ISO 3166-1",
                verdict.place,
                f"'{verdict.country_code}'{nearest(verdict.country_code, known.countries)}",
                f"two letters such as JP or DE, or {NO_SEAT} for a body without a seat; the id depends on it for ever",
                "write the country of the seat",
            )
        )
    return problems


def _cluster_problems(verdict: Verdict, register: Register, known: Known) -> list[Problem]:
    cluster = register.clusters.get(verdict.cluster_id)
    if cluster is None:
        return [
            Problem(
                f"the cluster of the verdict on {verdict.mention_key} is not in the register",
                verdict.place,
                f"'{verdict.cluster_id}'",
                "an id of clusters.csv",
                f"name a cluster of the register, or give the verdict '{NEW}' to mint an id",
            )
        ]
    if verdict.verdict == "same" and cluster.is_synthetic != known.mentions[verdict.mention_key]:
        kinds = {True: "synthetic", False: "real"}
        return [
            Problem(
                "a synthetic row and a real cluster, or the reverse, are never the same",
                verdict.place,
                f"the {kinds[not cluster.is_synthetic]} mention {verdict.mention_key} and the "
                f"{kinds[cluster.is_synthetic]} cluster {cluster.cluster_id}",
                "both synthetic or both real",
                f"choose another cluster, or '{NEW}'",
            )
        ]
    return []


def _contradictions(verdict: Verdict, register: Register, today: str) -> list[Problem]:
    """What the live decisions on the same mention have against this one."""
    key = verdict.mention_key
    replaced = superseded(verdict, register)
    row = decision_row(verdict, today)
    problems = []
    for decision in register.live(key):
        if decision in replaced:
            continue
        settles_twice = row["verdict"] in PLACING and decision.verdict in PLACING
        same_pair = verdict.verdict != NEW and decision.cluster_id == verdict.cluster_id
        if settles_twice or (same_pair and verdict.cluster_id):
            problems.append(
                Problem(
                    f"the verdict '{verdict.verdict}' on {key} meets a decision that counts",
                    verdict.place,
                    f"'{decision.verdict}'{_about(decision.cluster_id)} in {decision.place} ({decision.reason})",
                    "one live verdict on a mention and a cluster, and one that settles the mention",
                    WITHDRAW_FIRST.format(
                        quote(key), f" --cluster {decision.cluster_id}" if decision.cluster_id else ""
                    ),
                )
            )
    withdrawal = register.withdrawal_after(row) if verdict.verdict != NEW else None
    if withdrawal is not None:
        problems.append(
            Problem(
                f"the verdict '{verdict.verdict}' on {key} would not count",
                verdict.place,
                f"the same verdict of today withdrawn in {withdrawal.place}, a later file of the register",
                "a verdict that stands after its withdrawal",
                f"write it there with --registry {withdrawal.file.parent}",
            )
        )
    return problems


def _repetitions(verdicts: Sequence[Verdict]) -> list[Problem]:
    """Verdicts given together that contradict each other, both rows named."""
    problems = []
    settling: dict[str, Verdict] = {}
    pairs: dict[tuple[str, str], Verdict] = {}
    for verdict in verdicts:
        before = None
        if verdict.verdict in (*PLACING, NEW):
            before = settling.setdefault(verdict.mention_key, verdict)
        if before in (None, verdict) and verdict.cluster_id:
            before = pairs.setdefault((verdict.mention_key, verdict.cluster_id), verdict)
        if before is not None and before is not verdict:
            problems.append(
                Problem(
                    f"two verdicts on {verdict.mention_key} cannot both hold",
                    verdict.place,
                    f"'{verdict.verdict}'{_about(verdict.cluster_id)}, and '{before.verdict}'"
                    f"{_about(before.cluster_id)} in {before.place}",
                    "one verdict that settles a mention, and one on each mention and cluster",
                    "empty one of the two cells",
                )
            )
    return problems


def _about(cluster_id: str) -> str:
    return f" as to {cluster_id}" if cluster_id else ""
