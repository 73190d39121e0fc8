"""What `observatory review` does with its options.

Belongs here: choosing between screen, list, worklist and undo, and the sentences about what was written. Does not
belong here: options and exit codes (``orchestration.cli``).
"""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.problem import Problem, SourceError
from ingest.registry.landing import SEEDS, drop_in_folders
from ingest.registry.verdict import reviewer_problems
from orchestration.review.desk import Desk, Written
from orchestration.review.evidence import read_evidence
from orchestration.settings import Settings

BUNDLED_REGISTER = SEEDS / "registry"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line; None and empty texts where nothing was."""

    is_list: bool = False
    is_json: bool = False
    export: Path | None = None
    import_: Path | None = None
    undo: str = ""
    cluster: str = ""
    reason: str = ""
    by: str = ""
    registry: Path | None = None


def review(settings: Settings, options: Options, say: Say, warn: Say) -> None:
    """Do what the options ask for; without one, open the screen.

    Raises:
        SourceError: it cannot be done; the sentences say why and what to do.
    """
    target = register_folder(options.registry)
    if not is_read_by_a_build(target, settings):
        warn(
            f"{target}: no build reads this folder. A build reads {BUNDLED_REGISTER} and folders named 'registry' in "
            "the inbox or in a folder of OBSERVATORY_SOURCES."
        )
    reviewer = (options.by or os.environ.get("OBSERVATORY_REVIEWER", "")).strip()
    evidence = read_evidence(settings)
    desk = Desk(evidence, register_folders(settings), target, datetime.date.today().isoformat())
    if options.is_list or options.is_json:
        _list(desk, options, say)
    elif options.export:
        _export(desk, options.export, say)
    elif options.import_:
        _import(desk, options.import_, reviewer, say)
    elif options.undo:
        _undo(desk, options, reviewer, say)
    else:
        _show(desk, reviewer, say)


def register_folder(option: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder that is written to: the option, else OBSERVATORY_REGISTRY, else the project's own."""
    return (option or Path(environment.get("OBSERVATORY_REGISTRY") or BUNDLED_REGISTER)).resolve()


def register_folders(settings: Settings) -> tuple[Path, ...]:
    """The folders that a build reads, in the order in which a later row may withdraw an earlier one."""
    found = {
        folder.resolve(): folder.relative_to(root).as_posix()
        for root in settings.register_roots
        for folder in drop_in_folders(root)
    }
    return (BUNDLED_REGISTER, *sorted(found, key=lambda folder: found[folder]))


def is_read_by_a_build(folder: Path, settings: Settings) -> bool:
    """Whether decisions in this folder reach the warehouse."""
    roots = [root.resolve() for root in settings.register_roots]
    return folder == BUNDLED_REGISTER or (folder.name == "registry" and any(root in folder.parents for root in roots))


def written_sentences(written: list[Written], desk: Desk) -> list[str]:
    """What was written, for people: counts by verdict, minted ids, the file."""
    counts: dict[str, int] = {}
    for each in written:
        verdict = "new" if each.is_minted else each.row["verdict"]
        counts[verdict] = counts.get(verdict, 0) + 1
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
    noun = "decision" if len(written) == 1 else "decisions"
    lines = [f"{len(written)} {noun} written to {desk.worklist.register.decision_file.path}: {told}."]
    minted = [f"{each.row['cluster_id']} for {each.row['mention_key']}" for each in written if each.is_minted]
    if minted:
        lines.append(f"Ids minted in {desk.worklist.register.cluster_file.path}: {'; '.join(minted)}.")
    return lines


def _list(desk: Desk, options: Options, say: Say) -> None:
    from orchestration.review.listing import as_json, print_table

    if options.is_json:
        say(as_json(desk.worklist))
    else:
        print_table(desk.worklist)


def _export(desk: Desk, path: Path, say: Say) -> None:
    from orchestration.review.exchange import write_worklist
    from orchestration.review.listing import summary_line

    rows = write_worklist(path, desk.worklist)
    say(summary_line(desk.worklist))
    say(f"{path}: {rows} rows, one for each mention and candidate. Fill verdict and reason, then run")
    say(f"  observatory review --import {path} --by ROLE")


def _import(desk: Desk, path: Path, reviewer: str, say: Say) -> None:
    from orchestration.review.exchange import read_worklist
    from orchestration.review.listing import summary_line

    verdicts = read_worklist(path, desk, reviewer)
    if not verdicts:
        say(f"{path}: no row has a verdict; nothing was written.")
        return
    fresh = [each for each in verdicts if not desk.is_written(each)]
    if len(fresh) < len(verdicts):
        say(f"{path}: {len(verdicts) - len(fresh)} of {len(verdicts)} verdicts stand in the register already.")
    if not fresh:
        say(f"Nothing was written. {summary_line(desk.worklist)}")
        return
    for line in written_sentences(desk.decide(fresh), desk):
        say(line)
    say(summary_line(desk.worklist) + " 'observatory build' takes the decisions up.")


def _undo(desk: Desk, options: Options, reviewer: str, say: Say) -> None:
    decision = desk.decision_to_undo(options.undo, options.cluster)
    desk.withdraw(decision, options.reason, reviewer)
    about = f" as to {decision.cluster_id}" if decision.cluster_id else ""
    say(
        f"The decision '{decision.verdict}' on {decision.mention_key}{about} no longer counts: a row that withdraws it "
        f"was added to {desk.worklist.register.decision_file.path}. The row of {decision.place} stays as it is."
    )


def _show(desk: Desk, reviewer: str, say: Say) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        raise SourceError(
            [
                Problem(
                    "the screen needs a terminal",
                    "observatory review",
                    "input or output that is no terminal, or one that cannot place a cursor",
                    "a terminal",
                    "use --list to see the worklist, or --export FILE.xlsx to decide in a spreadsheet and --import "
                    "FILE.xlsx to read it back",
                )
            ]
        )
    problems = reviewer_problems(reviewer, "observatory review")
    if problems:
        raise SourceError(problems)
    from orchestration.review.listing import summary_line

    if desk.worklist.open_mentions():
        from orchestration.review.screen import ReviewApp

        session = ReviewApp(desk, reviewer).run()
        if session is not None and session.written:
            for line in written_sentences(session.written, desk):
                say(line)
        if session is not None and session.n_withdrawn:
            say(f"Withdrawn in this session: {session.n_withdrawn}.")
    say(summary_line(desk.worklist))
