"""Opening anything as a survey in one call: a wave of a release, a file, a frame, a relation.

Belongs here: telling the sources apart, where releases are, and the design from keyword arguments. Does not belong
here: reading rows (``sample.responses``) or the codebook of a wave (``sample.wave``).
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from analytics.survey_statistics.sample.design import Design, Inclusion, Replicates, Stage, SurveyError
from analytics.survey_statistics.sample.joint import with_matrix
from analytics.survey_statistics.sample.responses import Responses, open_table, quoted
from analytics.survey_statistics.sample.unreadable import refuse_folder
from analytics.survey_statistics.sample.wave import open_wave
from analytics.survey_statistics.survey import Survey

if TYPE_CHECKING:
    import duckdb

Said = TypeVar("Said", Inclusion, Replicates)
WAVE = re.compile(r"[\w.-]+/[\w.-]+")
FILES = (".parquet", ".pq", ".csv", ".tsv", ".txt", ".gz")
RELEASE = re.compile(r"r[0-9a-f]{12}")
# Beside the folders of the code, where `observatory build` puts it unless OBSERVATORY_HOME names another.
DEFAULT_HOME = Path(__file__).resolve().parents[2] / "warehouse"
DATABASE = "observatory.duckdb"
Names = str | Sequence[str | None] | None
# What R `svrepdesign` calls successive difference replication (Fay and Train 1995); that of the ACS is the same.
METHODS_OF_R = {"successive-difference": "SDR", "ACS": "SDR"}


def survey(
    source: Any,
    *,
    weights: str | bool | None = None,
    strata: Names = None,
    units: Names = None,
    population: Names | float = None,
    inclusion: Any = None,
    replicates: Replicates | Mapping[str, Any] | None = None,
    lonely_psu: str | None = None,
    adjust_domain_lonely: bool = False,
    inference: str | None = None,
    repeat: str | None = None,
    language: str = "en",
    home: Path | str | None = None,
    release: str | None = None,
    connection: duckdb.DuckDBPyConnection | None = None,
    repeatable: bool = False,
    title: str | None = None,
) -> Survey:
    """Open a survey and say how its sample was drawn.

    Args:
        source: a wave of the latest release (``"cooperation/2020"``), the path of a Parquet or CSV file with a row for
            each response, a frame of pandas, polars or Arrow, or a relation of DuckDB.
        weights: column of the sampling weights. None: of a wave those that its card documents; else N/n where
            ``population`` is given, else 1. False: every response counts 1.
        strata: column of the strata; of several stages a sequence, one for each.
        units: column of the primary sampling units, or a sequence of the units of each stage; None: the responses.
        population: column with the number of units in the stratum (or the sampled share), a sequence of these for
            several stages, or one number for a sample without strata.
        inclusion: column with the probabilities of units that were drawn with unequal ones without replacement, an
            ``Inclusion`` or a mapping with its fields (``joint`` may be a pattern such as ``"JtProb_*"``, or a matrix
            in the order of the rows); a sequence of these for several stages.
        replicates: replicate weights; as a mapping with the fields of ``Replicates``, whose ``columns`` may be a
            pattern such as ``"rep_*"``.
        lonely_psu: what a stratum with one unit adds: fail (default), remove, certainty, adjust, average.
        adjust_domain_lonely: with adjust and average, also a stratum that has one unit left in a domain.
        inference: ``population`` (these very units, with the finite population correction) or ``process``.
        repeat: of a wave the code of a repeated group, such as partners: its entries are estimated, with the response
            as their unit.
        language: of the labels of a wave: en or ja.
        home: folder of the releases; default OBSERVATORY_HOME, then ``warehouse`` beside the code.
        release: id of a release; default the latest.
        connection: the connection that a relation of DuckDB was made with.
        repeatable: sums agree to the last bit in every run also above 250,000 responses, at the price of using one
            processor.
        title: what results call a file or a frame; default the name of the file.

    Raises:
        SurveyError: the source is not there or cannot be read, or the design does not fit it.
    """
    if isinstance(source, str) and not source.lower().endswith(FILES) and not Path(source).is_file():
        opened = _open_wave(source, home, release, language, repeat, is_weighted=weights is not False)
    elif repeat is not None:
        raise SurveyError(
            "repeat is of waves of a release; of a file give the rows of the group with units= their responses."
        )
    else:
        place = Path(source) if isinstance(source, str) else source
        named = title or (place.name if isinstance(place, Path) else "the table")
        responses = open_table(place, named, connection, repeatable=repeatable)
        opened = Survey(responses, Design())
    _check_names(weights, strata, units, population)
    responses = opened.responses
    changes: dict[str, Any] = {}
    if isinstance(weights, str):
        changes["weights"] = weights
    if isinstance(population, int | float):
        if not math.isfinite(population) or isinstance(population, bool):
            raise SurveyError(
                f"population is {population}; it must be the number of units there are, the sampled share of them, or "
                "a column. Leave it out where the population is not known or endless."
            )
        responses, population = _with_number(responses, "population_size", float(population))
    if any((strata, units, population)) or inclusion is not None:
        responses, chances = _inclusions(inclusion, responses)
        changes["stages"] = _stages(_listed(units), _listed(strata), _listed(population), chances)
    if weights is False and any(
        stage.population or stage.inclusion for stage in changes.get("stages", opened.design.stages)
    ):
        responses, changes["weights"] = _with_number(responses, "none", 1.0)
    if replicates is not None:
        changes["replicates"] = _replicates(replicates, responses)
    changes |= {name: value for name, value in (("lonely_psu", lonely_psu), ("inference", inference)) if value}
    if adjust_domain_lonely:
        changes["adjust_domain_lonely"] = True
    return Survey(responses, replace(opened.design, **changes))


def _open_wave(
    edition_id: str,
    home: Path | str | None,
    release: str | None,
    language: str,
    repeat: str | None,
    *,
    is_weighted: bool,
) -> Survey:
    import duckdb

    if not WAVE.fullmatch(edition_id):
        refuse_folder(Path(edition_id))
        raise SurveyError(
            f"There is no file {edition_id}, and it is no name of a wave, which is SURVEY/WAVE, for instance "
            "'cooperation/2020'. 'observatory survey' lists the waves of the latest release."
        )
    folder = release_folder(home, release)
    connection = duckdb.connect(str(folder / DATABASE), read_only=True, config={"threads": 1})
    microdata = folder.parent.parent / "restricted" / "microdata" / folder.name / "survey"
    return open_wave(
        connection,
        edition_id,
        language=language,
        is_weighted=is_weighted,
        microdata=microdata,
        release_id=folder.name,
        repeat=repeat,
    )


def release_folder(home: Path | str | None = None, release: str | None = None) -> Path:
    """The folder of a release, the latest by default. Raises ``SurveyError`` where there is none."""
    if home is not None and not isinstance(home, str | Path):
        raise SurveyError(f"home is {repr(home)[:60]}; it is the folder in which 'observatory build' keeps releases.")
    place = Path(home or os.environ.get("OBSERVATORY_HOME") or DEFAULT_HOME).resolve()
    if release is not None and not RELEASE.fullmatch(release):
        raise SurveyError(f"{release!r} is not a release id; it is 'r' and twelve letters a-f or digits.")
    folder = (place / "releases" / release if release else place / "latest").resolve()
    if (folder / DATABASE).is_file():
        return folder
    found = ", ".join(sorted(path.name for path in (place / "releases").glob("r*"))) or "none"
    raise SurveyError(
        f"There is no release{f' {release}' if release else ''} in {place} (releases found: {found}). 'observatory "
        "build' makes one; OBSERVATORY_HOME or home= names the folder."
    )


def _check_names(weights: object, *others: object) -> None:
    """Raises ``SurveyError`` for numbers or arrays where names of columns are due."""
    listed = [part for other in others for part in (other if isinstance(other, list | tuple) else (other,))]
    wrong = [] if weights is None or weights is False or isinstance(weights, str) else [weights]
    wrong += [part for part in listed if not (part is None or isinstance(part, str) or part is others[-1])]
    if wrong:
        raise SurveyError(
            f"{type(wrong[0]).__name__} {str(wrong[0])[:60]} is no name of a column. Weights, strata, units and "
            "populations are given by the names of their columns; make them columns of the table first."
        )


def _listed(names: Any) -> tuple[str | None, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)


def _stages(
    units: tuple[str | None, ...],
    strata: tuple[str | None, ...],
    populations: tuple[str | None, ...],
    chances: tuple[Inclusion | None, ...],
) -> tuple[Stage, ...]:
    return tuple(Stage(*named) for named in zip_longest(units, strata, populations, chances))


def _inclusions(said: Any, responses: Responses) -> tuple[Responses, tuple[Inclusion | None, ...]]:
    """The inclusion probabilities of each stage, and the responses with the columns of a matrix of joint ones."""
    stages = said if isinstance(said, list | tuple) else () if said is None else (said,)
    found: list[Inclusion | None] = []
    for one in stages:
        if isinstance(one, str):
            found.append(Inclusion(one))
        elif isinstance(one, Mapping):
            responses, joint = _joint_columns(one.get("joint", ()), responses)
            found.append(_made(Inclusion, {**one, "joint": joint}, "probability, method, variance, joint"))
        elif one is None or isinstance(one, Inclusion):
            found.append(one)
        else:
            raise SurveyError(
                f"inclusion is {str(one)[:60]}; it is the name of a column of probabilities, or a mapping such as "
                '{"probability": "p", "method": "overton"}.'
            )
    return responses, tuple(found)


def _joint_columns(said: Any, responses: Responses) -> tuple[Responses, tuple[str, ...]]:
    if isinstance(said, str):
        return responses, _matching(said, responses, "joint probabilities")
    if getattr(said, "ndim", 0) != 2:
        return responses, tuple(said)
    return with_matrix(responses, said)


def _with_number(responses: Responses, name: str, number: float) -> tuple[Responses, str]:
    """The responses with a column that holds the same number everywhere, and the name of this column."""
    while name in responses.columns:
        name += "_"
    view = f"{responses.relation}_{name}"
    query = f"select *, {number!r}::double as {quoted(name)} from {responses.relation}"
    responses.define(quoted(view), query, is_table=False)
    return replace(responses, relation=quoted(view), columns={**responses.columns, name: "DOUBLE"}), name


def _replicates(said: Any, responses: Responses) -> Replicates:
    if isinstance(said, Replicates):
        return said
    named = said.get("columns", ()) if isinstance(said, Mapping) else 0
    if not isinstance(named, str | list | tuple):
        raise SurveyError(
            f"replicates is {repr(said)[:60]}; it is a mapping with the columns of the weights, or their pattern, and "
            'the method: {"columns": "rep*", "method": "JK1"}.'
        )
    columns = _matching(named, responses, "replicate weights") if isinstance(named, str) else tuple(named)
    method = METHODS_OF_R.get(said.get("method", ""), said.get("method"))
    said = {**said, "columns": columns} | ({"method": method} if method else {})
    return _made(Replicates, said, "columns, method, scale, rscales, combined, mse, rho")


def _matching(pattern: str, responses: Responses, what: str) -> tuple[str, ...]:
    found = tuple(column for column in responses.columns if fnmatchcase(column, pattern))
    if not found:
        raise SurveyError(f"{responses.title} has no columns {pattern!r} of {what}.")
    return found


def _made(kind: type[Said], said: Mapping[str, Any], fields: str) -> Said:
    try:
        return kind(**said)
    except TypeError as error:
        raise SurveyError(
            f"The {kind.__name__.lower()} of the design is not said in full ({error}). Its fields are {fields}."
        ) from None
