"""What `observatory survey` prints: waves; questions of a wave or a file, weighted, with intervals, by domains.

Belongs here: the way from arguments to tables or JSON on the terminal. Does not belong here: help and mistakes in
arguments (``commands``), estimates and their layout (``analytics.survey_statistics``).
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analytics.survey_statistics.result import Estimate
    from analytics.survey_statistics.survey import Survey

NARROWEST = 60


def run_survey(
    source: str,
    *questions: str,
    by: Sequence[str] = (),
    where: str | None = None,
    weights: str | None = None,
    strata: str | None = None,
    units: str | None = None,
    population: str | None = None,
    inclusion: str | None = None,
    lonely_psu: str | None = None,
    process: bool = False,
    level: float = 0.95,
    repeat: str | None = None,
    release: str | None = None,
    as_json: bool = False,
    ja: bool = False,
) -> int:
    """Print tables, or JSON lines, of a wave or a file, and flush them; 0 if that was done, 1 if it cannot."""
    from analytics.survey_statistics.light_import import import_lightly

    import_lightly()
    from analytics.survey_statistics.opening import survey as open_survey
    from analytics.survey_statistics.sample.design import SurveyError

    size: Any = float(population) if population and population.replace(".", "", 1).isdecimal() else population
    told: dict[str, Any] = {
        "weights": False if weights == "none" else weights,
        "strata": strata,
        "units": units,
        "population": size,
        "inclusion": inclusion,
        "lonely_psu": lonely_psu,
        "inference": "process" if process else None,
        "language": "ja" if ja else "en",
        "release": release,
    }
    try:
        opened = open_survey(source, repeat=repeat, **told)
        lines = _lines(opened, questions, by, where, level, as_json=as_json)
        for group in () if questions or repeat else _groups(opened):
            entries = open_survey(source, repeat=group, **told)
            lines += [*([] if as_json else [""]), *_lines(entries, (), by, where, level, as_json=as_json)]
            entries.responses.connection.close()
        opened.responses.connection.close()
    except SurveyError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()
    return 0


def list_waves(*, release: str | None = None, ja: bool = False) -> int:
    """Print the waves of a release with their counted responses, and how to ask them; 1 if there is no release."""
    import duckdb

    from analytics.survey_statistics.opening import DATABASE, release_folder
    from analytics.survey_statistics.sample.design import SurveyError
    from analytics.survey_statistics.text_table import pad

    try:
        folder = release_folder(release=release)
    except SurveyError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    title = "coalesce(title_ja, title_en)" if ja else "coalesce(title_en, title_ja)"
    query = f"select edition_id, n_counted, {title}, is_synthetic from marts.dim_survey_wave order by edition_id"
    with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
        waves = connection.execute(query).fetchall()
    left = max((len(wave) for wave, *_ in waves), default=0)
    right = max((len(str(n)) for _, n, *_ in waves), default=0)
    lines = [f"Release {folder.name} has {len(waves)} survey wave{'' if len(waves) == 1 else 's'}:", ""]
    for wave, n, words, is_synthetic in waves:
        lines.append(f"  {pad(wave, left)}  {n:>{right}} responses  {words}{', SYNTHETIC' if is_synthetic else ''}")
    example = waves[0][0] if waves else "SURVEY/WAVE"
    calls = {
        f"observatory survey {example}": "all questions of a wave",
        f"observatory survey {example} CODE --by CODE": "one of them, also by another",
        "observatory survey answers.csv CODE --weights COLUMN": "a file of your own; without CODE, its columns",
    }
    wide = max(map(len, calls))
    lines += ["" for _ in waves[:1]] + [f"{pad(call, wide)}  {told}" for call, told in calls.items()]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _groups(survey: Survey) -> list[str]:
    """The repeated groups of a wave; a file has none."""
    if survey.responses.parts is None:
        return []
    from analytics.survey_statistics.sample.repeat import repeats

    return list(repeats(survey.responses.connection, survey.responses.title))


def _lines(
    survey: Survey, codes: Sequence[str], by: Sequence[str], where: str | None, level: float, *, as_json: bool
) -> list[str]:
    from analytics.survey_statistics.description import columns_of, design_lines
    from analytics.survey_statistics.questions import REPORTED, asked

    known = survey.responses.questions
    if not codes and not known:
        columns = [f"  {name}  {kind.lower()}" for name, kind in columns_of(survey).items()]
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

    is_ascii = "utf" not in (sys.stdout.encoding or "").lower()
    return [json.dumps(row.to_row(), ensure_ascii=is_ascii) for rows in tables for row in rows]


def _table(survey: Survey, code: str, rows: Sequence[Estimate], width: int) -> list[str]:
    from analytics.survey_statistics.text_table import notes, text_table

    text = survey.responses.question(code).text
    head = code if text in ("", code) else f"{code}  {text}"
    base = rows[0].base if rows else ""
    return [head, f"Base: {base}.", "", *text_table(rows, width), "", *notes(rows)]
