"""What stands in the panels of the review screen.

Belongs here: putting a mention, its candidates and the decisions into styled text. Does not belong here: keys and
widgets (``screen``).
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from ingest.registry.register import Decision
from orchestration.review.evidence import Candidate, Mention
from orchestration.review.worklist import Worklist

Part = tuple[str, str] | str
VERDICT_WORDS = {
    "same": "same as",
    "different": "different from",
    "unsure": "unsure about",
    "not_a_cluster": "not a cluster",
    "not_identified": "not identified",
}


def title(mention: Mention, progress: tuple[int, int, int], *, is_settled: bool) -> Content:
    """Position, number of mentions and verdicts of this session, and whether this mention stops a release."""
    position, count, written = progress
    parts: list[Part] = [(f" {position} of {count}", "bold"), f"   {written} written in this session   "]
    if is_settled:
        parts.append(("decided", "bold $success"))
    else:
        parts.append(("stops a release", "bold $warning") if mention.is_blocking else ("stops no release", "dim"))
    if mention.is_synthetic:
        parts.append(("   synthetic", "italic $accent"))
    return Content.assemble(*parts)


def printed(mention: Mention, cells: Sequence[tuple[str, str]]) -> Content:
    """The printed row: names, edition, file and row, and every filled cell under its printed heading."""
    parts: list[Part] = []
    for name in mention.names or ("(no name printed)",):
        parts += [(name, "bold"), "\n"]
    parts += [_place(mention), "\n"]
    parts += [(f"{mention.edition_id}, as {mention.role}", "$accent"), "\n"]
    parts += [(f"{mention.file_name}, row {mention.row_number}", "dim"), "\n"]
    for column, cell in cells:
        parts += [(f"{column}: ", "dim"), " ".join(cell.split()), "\n"]
    if not cells:
        parts.append(("The printed row is not at hand; build again to see it.", "dim"))
    return Content.assemble(*parts)


def candidate(worklist: Worklist, mention: Mention, each: Candidate) -> Content:
    """One candidate: score, id and label, and why it is proposed."""
    score = "looked up" if each.score is None else f"{each.score:.2f}"
    cluster = worklist.register.clusters[each.cluster_id]
    parts: list[Part] = [(f"{score} ", "bold"), (f"{each.cluster_id} ", "$accent"), (cluster.label, "bold")]
    if cluster.country_code:
        parts.append((f" ({cluster.country_code})", "dim"))
    if each.reasons or each.suggestion == "same":
        parts.append("\n  ")
        parts.append(("suggests same: ", "$success") if each.suggestion == "same" else "")
        parts.append("; ".join(each.reasons))
    if each.matched_name and each.matched_name != cluster.label:
        parts.append((f"\n  known as {each.matched_name}", "dim"))
    listed = [row for row in worklist.rows_of(each.cluster_id) if _is_same_list(row, mention)]
    if listed:
        names = ", ".join(row.name for row in listed)
        parts.append((f"\n  already on this list as: {names}", "$warning"))
    live = [row.verdict for row in worklist.register.live(mention.mention_key) if row.cluster_id == each.cluster_id]
    if live:
        parts.append((f"\n  decided: {', '.join(live)}", "$warning"))
    return Content.assemble(*parts)


def rows_of_candidate(worklist: Worklist, mention: Mention, cluster_id: str) -> Content:
    """The printed rows that are the selected candidate already, edition by edition."""
    if not cluster_id:
        return Content.assemble(("No candidate is selected.", "dim"))
    cluster = worklist.register.clusters[cluster_id]
    parts: list[Part] = []
    rows = worklist.rows_of(cluster_id)
    for row in rows:
        style = "$warning" if _is_same_list(row, mention) else "$accent"
        parts += [(f"{row.edition_id}, as {row.role}", style), "\n"]
        parts += [f"  {name}\n" for name in row.names]
        if place := _place(row):
            parts += [(f"  {place}", "dim"), "\n"]
    if not rows:
        parts.append(("No printed row is placed on it yet.\n", "dim"))
    parts += [(f"{cluster.label}, {cluster.unit_kind}", "dim"), "\n", (cluster.note, "italic")]
    return Content.assemble(*parts)


def decisions(worklist: Worklist, mention: Mention) -> Content:
    """What was decided about the mention, each row once, withdrawn ones with their end."""
    parts: list[Part] = []
    for each in worklist.decisions(mention):
        withdrawal = worklist.register.withdrawal(each)
        if each.withdrawn_on and withdrawal is not None and _has_original(each, worklist.decisions(mention)):
            continue
        about = f" {each.cluster_id} {worklist.name_of(each.cluster_id)}" if each.cluster_id else ""
        parts.append("\n" if parts else "")
        parts.append(
            (f"{VERDICT_WORDS.get(each.verdict, each.verdict)}{about}", "bold" if not withdrawal else "strike")
        )
        parts.append((f" {each.decided_on}, {each.decided_by}: {each.reason}", "dim"))
        if withdrawal is not None:
            parts.append((f" Withdrawn {withdrawal.withdrawn_on}: {withdrawal.withdrawn_reason}", "$warning"))
    return Content.assemble(*parts) if parts else Content.assemble(("Nothing was decided about it yet.", "dim"))


def _has_original(copy: Decision, rows: Sequence[Decision]) -> bool:
    """Whether a withdrawal is a copy of a row that is shown anyway."""
    same = ("cluster_id", "verdict", "decided_on")
    return any(not row.withdrawn_on and all(getattr(row, name) == getattr(copy, name) for name in same) for row in rows)


def _is_same_list(row: Mention, mention: Mention) -> bool:
    is_other = row.mention_key != mention.mention_key
    return is_other and row.edition_id == mention.edition_id and row.role == mention.role


def _place(mention: Mention) -> str:
    return " · ".join(each for each in (mention.country, mention.region) if each)
