"""What `observatory partners` prints: the proposed partners of one cluster, from the latest release.

Belongs here: the way from a typed name to a table or JSON on the terminal. Does not belong here: how candidates are
scored (the models) and how a name is looked up (`analytics.partner_finder`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from orchestration.release.compose import connect
from orchestration.release.publish import DATABASE_FILE, latest_release

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    from rich.console import Console

    from orchestration.settings import Settings

Row = dict[str, Any]
NEEDED = "reports.rpt_partner_candidate"
MOST_SHOWN = 15
KINDS = {"cluster_organisation": "cluster organisation", "support_body": "support body"}


class CannotAnswer(Exception):
    """Why the command has no table to show, in sentences for the reader; ``matches`` are the clusters that fit."""

    def __init__(self, sentence: str, matches: tuple[Row, ...] = (), nearest: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.matches = matches
        self.nearest = nearest


def run_partners(settings: Settings, text: str, limit: int, *, as_json: bool, in_japanese: bool) -> bool:
    """Print the answer to ``text``; false if there is none. A refusal goes to standard error, but as JSON to output."""
    from rich.console import Console

    try:
        answer = partners_answer(settings, text, limit)
    except CannotAnswer as refusal:
        if as_json:
            print(json_text(refusal))  # noqa: T201 - the output of the command
        else:
            print_refusal(Console(stderr=True), refusal)
        return False
    if as_json:
        print(json_text(answer))  # noqa: T201 - the output of the command
    else:
        print_answer(Console(), answer, in_japanese=in_japanese)
    return True


def partners_answer(settings: Settings, text: str, limit: int) -> Row:
    """The cluster, its ties and its candidates with their reasons, read from the latest release without changing it.

    Raises:
        CannotAnswer: there is no release that holds proposals, or the text does not name exactly one cluster.
    """
    folder = latest_release(settings)
    if folder is None:
        raise CannotAnswer(f"There is no release in {settings.home} yet. 'observatory build' makes the first.")
    with connect(folder / DATABASE_FILE, read_only=True) as connection:
        return _answer(connection, folder, text, limit)


def _answer(connection: duckdb.DuckDBPyConnection, folder: Path, text: str, limit: int) -> Row:
    from analytics.partner_finder import asked_cluster, no_candidate_sentence, read_candidates, read_ties

    tables = connection.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
    if (NEEDED,) not in tables:
        raise CannotAnswer(
            f"Release {folder.name} holds no proposals of partners: it was made by an earlier version. "
            "'observatory build' makes a release that does."
        )
    asked = asked_cluster(connection, text)
    cluster = asked.cluster
    if cluster is None:
        raise CannotAnswer(_not_one(text, len(asked.several), bool(asked.nearest)), asked.several, asked.nearest)
    candidates = read_candidates(connection, cluster["cluster_id"], limit)
    return {
        "release": folder.name,
        "cluster": cluster,
        "ties": read_ties(connection, cluster["cluster_id"]),
        "candidates": candidates,
        "no_candidate_reason": None if candidates else no_candidate_sentence(connection, cluster),
    }


def _not_one(text: str, several: int, has_nearest: bool) -> str:
    if several:
        return f"'{text}' fits {several} clusters. Be more exact, or give the id:"
    if has_nearest:
        return f"No cluster is known by a name like '{text}'. The nearest names:"
    return f"No cluster is known by a name like '{text}'. marts.dim_cluster_name lists all names."


def print_refusal(console: Console, refusal: CannotAnswer) -> None:
    """Say why there is no table, with what the reader may have meant."""
    console.print(str(refusal), highlight=False, markup=False)
    for row in refusal.matches[:MOST_SHOWN]:
        place = row["region_code"] or row["country_code"] or ""
        mark = ", synthetic" if row["is_synthetic"] else ""
        line = f"  {row['cluster_id']}  {row['label']} ({_kind(row['unit_kind'])}{', ' + place if place else ''}{mark})"
        console.print(line, highlight=False, markup=False)
    if len(refusal.matches) > MOST_SHOWN:
        console.print(f"  ... and {len(refusal.matches) - MOST_SHOWN} more", highlight=False, markup=False)
    for name in refusal.nearest:
        console.print(f"  {name}", highlight=False, markup=False)


def print_answer(console: Console, answer: Row, *, in_japanese: bool = False) -> None:
    """The answer as a heading, the ties there are, and a table of candidates."""
    from rich.table import Table
    from rich.text import Text

    cluster = answer["cluster"]
    place = cluster["region_code"] or cluster["country_code"] or ""
    about = ", ".join(part for part in (_kind(cluster["unit_kind"]), place) if part)
    console.print(Text(f"{cluster['label']} ({cluster['cluster_id']}, {about})", style="bold"))
    if cluster["name_ja"] and cluster["name_ja"] not in cluster["label"]:
        console.print(Text(cluster["name_ja"]))
    data = "synthetic (made up)" if cluster["is_synthetic"] else "real, from printed rows"
    console.print(f"Release {answer['release']}; {data}.", highlight=False)
    for tie in answer["ties"]:
        console.print(Text(f"Works already with {_tie_words(tie)}."))
    if answer["no_candidate_reason"]:
        console.print(Text(answer["no_candidate_reason"]))
        return
    table = Table(show_lines=True)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("candidate", max_width=max(18, console.width // 4), overflow="fold")
    table.add_column("score", justify="right", no_wrap=True)
    table.add_column("reasons and evidence", overflow="fold")
    for candidate in answer["candidates"]:
        table.add_row(
            str(candidate["candidate_rank"]),
            _candidate_text(candidate),
            f"{candidate['score']:g}",
            _reason_lines(candidate["reasons"], "reason_ja" if in_japanese else "reason_en"),
        )
    console.print(table)
    console.print(
        "Points are opinions kept as rows (marts.dim_partner_rule); what stands in brackets is the printed row.",
        highlight=False,
        markup=False,
    )


def _candidate_text(candidate: Row) -> Any:
    from rich.text import Text

    text = Text(candidate["candidate_label"], style="bold")
    if candidate["candidate_name_ja"] and candidate["candidate_name_ja"] not in candidate["candidate_label"]:
        text.append(f"\n{candidate['candidate_name_ja']}", style="not bold")
    place = candidate["candidate_country_codes"] or ""
    if candidate["candidate_region_code"]:
        place = ", ".join(part for part in (place, candidate["candidate_region_code"]) if part)
    text.append(f"\n{candidate['candidate_cluster_id']}{', ' + place if place else ''}", style="not bold dim")
    if candidate["is_tied"]:
        text.append("\npartners already", style="not bold italic")
    return text


def _reason_lines(reasons: list[Row], language: str) -> Any:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", no_wrap=True)
    grid.add_column(overflow="fold")
    for reason in reasons:
        words = Text(reason[language])
        if reason["evidence_row_id"]:
            words.append(f" [{reason['evidence_row_id']}]", style="dim")
        grid.add_row(f"{reason['points']:+g}", words)
    return grid


def _tie_words(tie: Row) -> str:
    words = [tie["partner_label"], f"({tie['partner_cluster_id']})"]
    if tie["first_known_earliest"]:
        words.append(f"since {tie['first_known_earliest'].year}")
    if tie["n_interactions"]:
        words.append(f"with {tie['n_interactions']} dated interaction{'s' if tie['n_interactions'] > 1 else ''}")
    return " ".join(words)


def _kind(unit_kind: str) -> str:
    return KINDS.get(unit_kind, unit_kind)


def json_text(answer: Row | CannotAnswer) -> str:
    """The answer, or why there is none, as JSON; days in ISO 8601."""
    if isinstance(answer, CannotAnswer):
        answer = {"problem": str(answer), "matches": list(answer.matches), "nearest": list(answer.nearest)}
    return json.dumps(answer, ensure_ascii=False, indent=2, default=str)
