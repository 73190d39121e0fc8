"""What `observatory survey` prints: questions of a wave or a file, weighted, with intervals, by domains.

Belongs here: arguments, the way to tables or JSON on the terminal. Does not belong here: estimates and their layout
(``analytics.survey_statistics``).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analytics.survey_statistics.result import Estimate
    from analytics.survey_statistics.survey import Survey

NARROWEST = 60


def survey(
    source: Annotated[str, typer.Argument(metavar="WAVE_OR_FILE", help="SURVEY/WAVE, or a Parquet or CSV file.")],
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
    lonely_psu: Annotated[
        str | None, typer.Option(help="A stratum with one unit: fail, remove, certainty, adjust, average.")
    ] = None,
    process: Annotated[bool, typer.Option("--process", help="Speak of the process behind these units.")] = False,
    level: Annotated[float, typer.Option(help="Level of the intervals.")] = 0.95,
    release: Annotated[str | None, typer.Option(help="Release id; the latest if left out.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Every estimate with everything, as JSON lines.")] = False,
    ja: Annotated[bool, typer.Option("--ja", help="Labels in Japanese.")] = False,
) -> None:
    """Estimate the answers of a survey: shares, means and medians with intervals, their bases and what is missing."""
    from analytics.survey_statistics.light_import import import_lightly

    import_lightly()
    from analytics.survey_statistics.opening import survey as open_survey
    from analytics.survey_statistics.sample.design import SurveyError

    size: Any = float(population) if population and population.replace(".", "", 1).isdigit() else population
    try:
        opened = open_survey(
            source,
            weights=False if weights == "none" else weights,
            strata=strata,
            units=units,
            population=size,
            lonely_psu=lonely_psu,
            inference="process" if process else None,
            language="ja" if ja else "en",
            release=release,
        )
        for line in _lines(opened, questions or (), by or (), where, level, as_json=as_json):
            typer.echo(line)
    except SurveyError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _lines(
    survey: Survey, codes: Sequence[str], by: Sequence[str], where: str | None, level: float, *, as_json: bool
) -> list[str]:
    from analytics.survey_statistics.description import design_lines
    from analytics.survey_statistics.questions import REPORTED, asked

    known = survey.responses.questions
    if not codes and not known:
        columns = [f"  {name}  {kind.lower()}" for name, kind in survey.responses.columns.items()]
        return [f"{survey.responses.title} has these columns. Name those to be estimated:", *columns]
    codes = codes or [code for code, question in known.items() if question.kind in REPORTED and code not in by]
    tables = [asked(survey, code, tuple(by) or None, where, level) for code in codes]
    if as_json:
        return _json_lines(tables)
    width = max(shutil.get_terminal_size((100, 24)).columns, NARROWEST)
    lines: list[str] = []
    for code, rows in zip(codes, tables, strict=True):
        lines += [*_table(survey, code, rows, width), ""]
    return [*lines, *design_lines(survey, tables[0][0].context if tables and tables[0] else survey.context)]


def _json_lines(tables: Sequence[Sequence[Estimate]]) -> list[str]:
    import json

    return [json.dumps(row.to_row(), ensure_ascii=False) for rows in tables for row in rows]


def _table(survey: Survey, code: str, rows: Sequence[Estimate], width: int) -> list[str]:
    from analytics.survey_statistics.text_table import notes, text_table

    text = survey.responses.question(code).text
    head = code if text in ("", code) else f"{code}  {text}"
    base = rows[0].base if rows else ""
    return [head, f"Base: {base}.", "", *text_table(rows, width), "", *notes(rows)]
