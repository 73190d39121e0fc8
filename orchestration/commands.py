"""All commands of `observatory` with their arguments and help.

Belongs here: arguments, sentences on the terminal, exit codes (0 done, 1 cannot, 2 wrong usage). Does not belong here:
any work; each command imports what it needs when it is called, so that a command that does little starts at once.
"""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Annotated

import typer

from ingest.problem import Problem, SourceError
from orchestration.settings import Settings

RELEASE_ID = re.compile(r"r[0-9a-f]{12}")

app = typer.Typer(
    help="Cluster Observatory: build, check and publish the warehouse of industrial clusters.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _options(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    context.obj = debug


@app.command()
def build(
    force: Annotated[bool, typer.Option("--force", help="Build and check again although nothing changed.")] = False,
    withdraw: Annotated[
        list[str] | None,
        typer.Option(metavar="FAMILY/EDITION", help="Confirm that an accepted edition is withdrawn; repeatable."),
    ] = None,
) -> None:
    """Read the inbox and all sources, build and check the warehouse, publish a release and print what came out."""
    from orchestration.build_command import build_and_tell

    raise typer.Exit(build_and_tell(_settings(), force=force, withdraw=withdraw or ()))


@app.command()
def status() -> None:
    """Tell which release is the latest and whether a build would change anything."""
    from orchestration.release.identity import identify
    from orchestration.release.publish import check_latest, latest_release, release_facts
    from orchestration.retention import warnings_today
    from orchestration.source_list import new_lines
    from orchestration.summary import summary

    settings = _settings()
    check_latest(settings, set_aside=False)
    folder = latest_release(settings)
    if folder is None:
        typer.echo(f"There is no release in {settings.home} yet. 'observatory build' makes the first.")
        return
    typer.echo(summary(release_facts(folder), folder, {}))
    for warning in warnings_today(settings):
        typer.echo(warning, err=True)
    would_be = identify(settings).release_id
    if new := new_lines(settings):
        typer.echo("\n".join(new))
    elif would_be == folder.name:
        typer.echo("Inputs, code and lock file are those of this release.")
    else:
        typer.echo(f"Something changed since: 'observatory build' would publish {would_be}.")


@app.command()
def sources() -> None:
    """List the sources: edition, rows expected, publisher, and what is synthetic or not read."""
    from orchestration.source_list import source_lines

    for line in source_lines(_settings()):
        typer.echo(line)


@app.command()
def verify(
    release: Annotated[str | None, typer.Argument(help="Release id; the latest if left out.")] = None,
) -> None:
    """Hash every file of a release again and compare with its SHA256SUMS."""
    from orchestration.verify_command import run_verify

    settings = _settings()
    if release is not None and not RELEASE_ID.fullmatch(release):
        raise typer.BadParameter(f"'{release}' is not a release id; it is 'r' and twelve letters a-f or digits.")
    raise typer.Exit(run_verify(settings, release))


@app.command()
def forget(
    person: Annotated[
        str, typer.Argument(help="A respondent_id or response_id, an e-mail or a token; '-' asks for it unseen.")
    ],
    wave: Annotated[str, typer.Option(metavar="SURVEY/WAVE", help="Only what was answered in this wave.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Leave a respondent out of everything built from now on, and tell where the person still is."""
    from orchestration.forget_command import run_forget

    raise typer.Exit(run_forget(_settings(), person, wave=wave, is_confirmed=yes, as_json=as_json))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Data files or source cards, in any folder.")],
    ja: Annotated[bool, typer.Option("--ja", help="Say it in Japanese.")] = False,
) -> None:
    """Tell what would become of files in the drop folder, without touching them or the warehouse."""
    from orchestration.check_command import run_check

    raise typer.Exit(run_check(_settings(), files, in_japanese=ja))


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A workbook, text table, PDF report or export of a survey tool.")],
    into: Annotated[
        Path | None, typer.Option(help="Folder to make the edition's folder in; default the inbox.")
    ] = None,
    codebook: Annotated[
        Path | None, typer.Option(help="The codebook of a survey: an XLSForm, .lss or data dictionary.")
    ] = None,
    ja: Annotated[bool, typer.Option("--ja", help="Say it in Japanese.")] = False,
) -> None:
    """Draft the folder and the card of a new edition from its file, for you to complete."""
    from orchestration.add_command import run_add

    raise typer.Exit(run_add(_settings(), file, into, codebook, in_japanese=ja))


@app.command()
def lint(
    file: Annotated[Path, typer.Argument(help="A workbook, ODS or CSV file.")],
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    ja: Annotated[bool, typer.Option("--ja", help="Say it in Japanese.")] = False,
) -> None:
    """List where a table breaks the rules for machine-readable tables, cell by cell."""
    from orchestration.lint_command import run_lint

    raise typer.Exit(run_lint(file, as_json=as_json, in_japanese=ja))


@app.command()
def explain(
    what: Annotated[
        str, typer.Argument(help="A cluster's id or name, or the id of a figure, check, estimate, event or row.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Every row and every printed cell.")] = False,
) -> None:
    """Tell what a name or number rests on, down to the printed cell, and what uses it."""
    from orchestration.explain_command import show_explanation

    raise typer.Exit(show_explanation(_settings(), what, as_json=as_json, every=every))


@app.command()
def partners(
    cluster: Annotated[str, typer.Argument(help="Id or any known name of a cluster, or a part of one.")],
    limit: Annotated[int, typer.Option(min=1, max=10, help="How many candidates to show.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    ja: Annotated[bool, typer.Option("--ja", help="Give the reasons in Japanese.")] = False,
) -> None:
    """Propose partners in the other region (Japan or Europe) for a cluster, with the reasons and their rows."""
    from orchestration.partners_command import run_partners

    if not run_partners(_settings(), cluster, limit, as_json=as_json, in_japanese=ja):
        raise typer.Exit(1)


@app.command()
def review(
    list_: Annotated[bool, typer.Option("--list", help="Print what is still to decide.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
    export: Annotated[Path | None, typer.Option(help="Write a worklist to send: FILE.csv or FILE.xlsx.")] = None,
    import_: Annotated[Path | None, typer.Option("--import", help="Read a filled worklist back.")] = None,
    undo: Annotated[str, typer.Option(metavar="MENTION_KEY", help="Withdraw the decision on a mention.")] = "",
    cluster: Annotated[str, typer.Option(metavar="ID", help="With --undo: the decision about this cluster.")] = "",
    reason: Annotated[str, typer.Option(help="With --undo: why.")] = "",
    by: Annotated[str, typer.Option(metavar="ROLE", help="Your role; default OBSERVATORY_REVIEWER.")] = "",
    registry: Annotated[Path | None, typer.Option(help="Folder to write to; default OBSERVATORY_REGISTRY.")] = None,
) -> None:
    """Decide which cluster each printed name is: on a screen, or with a worklist to send and read back."""
    from orchestration.review.command import Options
    from orchestration.review.command import review as run_review

    if sum(map(bool, (list_ or json_, export, import_, undo))) > 1:
        raise typer.BadParameter("give one of --list, --export, --import and --undo.")
    options = Options(list_, json_, export, import_, undo, cluster, reason, by, registry)
    run_review(_settings(), options, typer.echo, lambda text: typer.echo(f"Note. {text}", err=True))


@app.command()
def ui(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Port on this machine.")] = 3000,
    schedules: Annotated[bool, typer.Option(help="Also run the schedule and the inbox sensor.")] = True,
) -> None:
    """Serve the Dagster UI on this machine only, with the runs so far, and watch the inbox."""
    from orchestration.build import prepare_dagster_home
    from orchestration.user_interface import serve

    settings = _settings()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            typer.echo(f"Port {port} is in use on this machine. Choose another: observatory ui --port N.", err=True)
            raise typer.Exit(1) from None
    prepare_dagster_home(settings)
    typer.echo(f"Dagster UI: http://127.0.0.1:{port}   (Ctrl-C ends it)")
    raise typer.Exit(serve(settings, port, with_daemon=schedules))


@app.command()
def survey(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[WAVE_OR_FILE]", help="SURVEY/WAVE, or a Parquet or CSV file; the waves are listed if left out."
        ),
    ] = None,
    questions: Annotated[
        list[str] | None, typer.Argument(help="Codes of questions; of a wave all if left out.")
    ] = None,
    by: Annotated[list[str] | None, typer.Option(help="Also by this question or column; repeatable.")] = None,
    where: Annotated[str | None, typer.Option(metavar="SQL", help="Only responses for which this holds.")] = None,
    weights: Annotated[str | None, typer.Option(help="Column of weights; 'none' for none.")] = None,
    strata: Annotated[str | None, typer.Option(help="Column of the strata.")] = None,
    units: Annotated[str | None, typer.Option(help="Column of the primary sampling units.")] = None,
    population: Annotated[
        str | None, typer.Option(help="Column, or number, of the units there are in the stratum.")
    ] = None,
    inclusion: Annotated[
        str | None, typer.Option(help="Column of the probabilities of units drawn with unequal ones.")
    ] = None,
    lonely_psu: Annotated[
        str | None, typer.Option(help="A stratum with one unit: fail, remove, certainty, adjust, average.")
    ] = None,
    process: Annotated[bool, typer.Option("--process", help="Speak of the process behind these units.")] = False,
    level: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95,
    repeat: Annotated[
        str | None, typer.Option(metavar="CODE", help="The entries of a repeated group of a wave, such as partners.")
    ] = None,
    release: Annotated[str | None, typer.Option(help="Release id; the latest if left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Every estimate with everything, as JSON lines.")] = False,
    ja: Annotated[bool, typer.Option("--ja", help="Labels in Japanese.")] = False,
) -> None:
    """Estimate the answers of a survey: shares, means and medians with intervals, their bases and what is missing."""
    from orchestration import survey_command

    if source is None:
        raise typer.Exit(survey_command.list_waves(release=release, ja=ja))
    raise typer.Exit(
        survey_command.run_survey(
            source, *questions or (), by=by or (), where=where, weights=weights, strata=strata, units=units,
            population=population, inclusion=inclusion, lonely_psu=lonely_psu, process=process, level=level,
            repeat=repeat, release=release, as_json=as_json, ja=ja,
        )
    )  # fmt: skip


def _settings() -> Settings:
    """The folders of this call.

    Raises:
        SourceError: OBSERVATORY_SOURCES names a folder that is not there; its editions would silently be missing.
    """
    settings = Settings.from_environment()
    missing = [folder for folder in settings.extra_sources if not folder.is_dir()]
    if missing:
        raise SourceError(
            Problem(
                "a source folder is missing",
                "OBSERVATORY_SOURCES",
                str(folder),
                "a folder with sources",
                "correct the variable, or put the folder back",
            )
            for folder in missing
        )
    return settings
