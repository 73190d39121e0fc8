"""A wave of a release as a survey: its counted responses, its questions as the codebook has them, its design.

Belongs here: reading what a release says of a wave. Does not belong here: SQL of a question (``wave_question``),
finding a release (``release``).
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.estimate import Row, fetch_rows
from analytics.sql_literal import literal
from analytics.survey_statistics.sample import repeat as repeats
from analytics.survey_statistics.sample.design import Design, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.engine import COPIED_ROWS, define, tune
from analytics.survey_statistics.sample.question import Question
from analytics.survey_statistics.sample.responses import Responses, quoted
from analytics.survey_statistics.sample.wave_question import wave_question

if TYPE_CHECKING:
    import duckdb

    from analytics.survey_statistics.survey import Survey

LANGUAGES = ("en", "ja")
POPULATION = "design__population"
# The list that codebooks tell their states from.
ANSWER_STATES = Path(__file__).parents[2] / "codebook" / "answer_state.csv"


def open_wave(
    connection: duckdb.DuckDBPyConnection,
    edition_id: str,
    *,
    language: str = "en",
    is_weighted: bool = True,
    microdata: Path | None = None,
    release_id: str | None = None,
    repeat: str | None = None,
) -> Survey:
    """The survey of a wave, such as ``eu_japan_cooperation/2020``.

    ``language``: of the labels. ``is_weighted`` False leaves the weights of its design aside. ``microdata``: folder of
    the answers that are in no release, as Parquet files named for their wide table. ``repeat``: the code of a repeated
    group, whose entries are then counted, with the response as their unit (``repeat``).

    Raises:
        SurveyError: there is no such wave, its answers are not here, or its weights cannot be used.
    """
    from analytics.survey_statistics.survey import Survey

    if language not in LANGUAGES:
        raise SurveyError(f"language is {language!r}; it must be one of {', '.join(LANGUAGES)}.")
    wave = _wave(connection, edition_id)
    relation, columns = _relation(connection, wave, microdata)
    design, populations = _design(connection, edition_id, columns, is_weighted=is_weighted)
    chosen = f"select *{f', {populations} as {quoted(POPULATION)}' if populations else ''} from {relation}"
    query = f"{chosen} where is_counted"
    questions, parts = _questions(connection, edition_id, str(wave["wide_table"]), language)
    if repeat is not None:
        table = repeats.table_of(connection, edition_id, repeat)
        entries, of_entries = _relation(connection, {**wave, "wide_table": table}, microdata)
        query, columns = repeats.entries_query(query, columns, entries, of_entries), of_entries | columns
        design, asked = repeats.by_response(design), _questions(connection, edition_id, table, language)
        # Questions of the response can still tell domains; those of the group are what is asked.
        parts = {**parts, **questions, **asked[1]}
        questions = {code: repeats.of_entry(question) for code, question in asked[0].items()}
    name = f"survey_wave_{hashlib.sha256(query.encode()).hexdigest()[:16]}"
    define(connection, name, query, is_table=int(wave["n_counted"]) <= COPIED_ROWS)
    tune(connection, is_own=False, n_rows=0, repeatable=True)
    responses = Responses(
        connection,
        name,
        columns | ({POPULATION: "DOUBLE"} if populations else {}),
        questions,
        edition_id,
        "counted responses" if repeat is None else repeats.base_of(connection, name, repeat),
        bool(wave["is_synthetic"]),
        release_id,
        parts,
        "responses" if repeat is None else "entries",
    )
    return Survey(responses, design)


def _wave(connection: duckdb.DuckDBPyConnection, edition_id: str) -> Row:
    found = fetch_rows(connection, f"from marts.dim_survey_wave where edition_id = {literal(edition_id)}")
    if found:
        return found[0]
    known = fetch_rows(connection, "select edition_id from marts.dim_survey_wave order by edition_id")
    names = ", ".join(str(row["edition_id"]) for row in known) or "none"
    raise SurveyError(f"There is no survey wave {edition_id!r} in this release; its waves are: {names}.")


def _relation(connection: duckdb.DuckDBPyConnection, wave: Row, microdata: Path | None) -> tuple[str, dict[str, str]]:
    """What stands behind FROM for the answers of all responses, and its columns."""
    import duckdb

    schema, _, name = str(wave["wide_table"]).partition(".")
    relation = f"{schema}.{quoted(name)}"
    try:
        described = connection.execute(f"describe from {relation}").fetchall()
    except duckdb.CatalogException:
        file = microdata / f"{name}.parquet" if microdata else None
        if file is None or not file.is_file():
            raise SurveyError(
                f"The answers of {wave['edition_id']} are not in this release, because they are those of real "
                "respondents, and not in the restricted folder of this home either. Ask where the release was built; "
                "its tables stats.survey_estimate and stats.survey_test can be read everywhere."
            ) from None
        relation = f"read_parquet({literal(str(file))})"
        described = connection.execute(f"describe from {relation}").fetchall()
    return relation, {row[0]: row[1] for row in described}


def _questions(
    connection: duckdb.DuckDBPyConnection, edition_id: str, wide_table: str, language: str
) -> tuple[dict[str, Question], dict[str, Question]]:
    """The questions with columns in the table of responses, by code, and what single columns of them hold, by column.

    Questions of repeated groups have tables of their own.
    """
    of_wave = f"where edition_id = {literal(edition_id)} order by"
    options: dict[str, list[Row]] = {}
    for row in fetch_rows(connection, f"from marts.dim_survey_option {of_wave} question_code, option_no"):
        options.setdefault(str(row["question_code"]), []).append(row)
    columns: dict[str, list[Row]] = {}
    for row in fetch_rows(connection, f"from marts.dim_survey_column {of_wave} wide_table, column_no"):
        if row["wide_table"] == wide_table:
            columns.setdefault(str(row["question_code"]), []).append(row)
    states = _states()
    questions: dict[str, Question] = {}
    parts: dict[str, Question] = {}
    for row in fetch_rows(connection, f"from marts.dim_survey_question {of_wave} question_no"):
        code = str(row["question_code"])
        if code not in columns:
            continue
        try:
            asked = questions[code] = wave_question(row, options.get(code, ()), columns[code], states, language)
        except KeyError as missing:
            raise SurveyError(
                f"The codebook of {edition_id} names no option {missing} of {code}, of which its table has a column. "
                "Complete the codebook and build the release again."
            ) from None
        for column in columns[code]:
            held = asked.parts.get(str(column["option_code"]), asked if len(columns[code]) == 1 else None)
            if held:
                parts[str(column["wide_column"])] = held
    return questions, parts


def _design(
    connection: duckdb.DuckDBPyConnection, edition_id: str, columns: dict[str, str], *, is_weighted: bool
) -> tuple[Design, str]:
    """The design that the card documents, and SQL of the population of each response's stratum (empty if unknown)."""
    said = {
        str(row["aspect"]): row
        for row in fetch_rows(connection, f"from marts.fct_survey_design where edition_id = {literal(edition_id)}")
        if row["is_documented"]
    }

    def stated(aspect: str) -> str:
        return str(said[aspect]["statement"]) if aspect in said else ""

    def column(role: str) -> str | None:
        return f"design__{role}" if f"design__{role}" in columns else None

    weights = column("weights") if is_weighted and "weights" in said else None
    if weights and not said["weights"]["is_usable"]:
        raise SurveyError(
            f"The weights of {edition_id} cannot be used ({said['weights']['reason']}). Correct them in the export, or "
            "ask for unweighted numbers with weights=False."
        )
    strata, unit = column("strata"), column("primary_sampling_unit")
    # Sizes of strata count the units of the first stage only where these are the responses.
    populations = "" if unit else _populations(stated("population_sizes"), stated("population_size"), strata)
    stage = Stage(unit, strata, POPULATION if populations else None)
    speaks_of = "process" if stated("estimates_speak_of") == "process" else "population"
    replicates = _replicates(columns, stated("replicate_method")) if is_weighted else None
    lonely = stated("lonely_psu") or "fail"
    return Design(weights, (stage,), replicates, lonely, speaks_of), populations


def _populations(sizes: str, size: str, strata: str | None) -> str:
    by_stratum = json.loads(sizes) if sizes else {}
    if strata and by_stratum:
        whens = " ".join(f"when {literal(str(name))} then {float(n)!r}" for name, n in sorted(by_stratum.items()))
        return f"(case {quoted(strata)} {whens} else 'inf'::double end)::double"
    return f"{float(size)!r}::double" if size and not strata else ""


def _replicates(columns: Sequence[str] | dict[str, str], method: str) -> Replicates | None:
    prefix = "design__replicate_weight_"
    named = sorted((name for name in columns if name.startswith(prefix)), key=lambda name: int(name[len(prefix) :]))
    return Replicates(tuple(named), method) if named and method else None


def _states() -> dict[str, int]:
    """State to its number below zero in a wide table."""
    with ANSWER_STATES.open(encoding="utf-8", newline="") as stream:
        numbers = {row["state"]: int(row["wide_number"] or 0) for row in csv.DictReader(stream)}
    return {state: number for state, number in numbers.items() if number < 0}
