"""All estimates of a warehouse: which topics there are, and the step from a DuckDB file to one Parquet per topic.

Belongs here: the list of topics and the writing. A new topic is a module in ``topics`` and a line in ``TOPICS``; those
of survey answers are written together, because what one of them shows decides what another must hide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analytics.estimate import StatTable
from analytics.topics import (
    demography,
    duration,
    duration_test,
    internationalisation,
    level_balance,
    level_sensitivity,
    level_transition,
    mapping_bound,
    match_candidate,
    participation,
    partnership,
    survey_estimate,
    survey_outcome_rate,
    survey_result,
    survey_test,
    survival,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    Builder = Callable[[duckdb.DuckDBPyConnection], pyarrow.Table]

TOPICS: dict[str, Builder] = {
    "survival_share": survival.survival_share,
    "entry_share": demography.entry_share,
    "survival_curve": duration.survival_curve,
    "duration_test": duration_test.duration_test,
    "mapping_bound": mapping_bound.mapping_bound,
    "internationalisation_level": internationalisation.internationalisation_level,
    "level_transition": level_transition.level_transition,
    "level_transition_test": level_balance.level_transition_test,
    "level_sensitivity": level_sensitivity.level_sensitivity,
    "programme_participation": participation.programme_participation,
    "partnership_network_party": partnership.partnership_network_party,
    "partnership_network_summary": partnership.partnership_network_summary,
    "partnership_projection": partnership.partnership_projection,
    "survey_result": survey_result.survey_result,
    "survey_outcome_rate": survey_outcome_rate.survey_outcome_rate,
    "match_candidate": match_candidate.match_candidate,
}

TABLES: dict[str, StatTable] = {
    table.name: table
    for table in (
        survival.TABLE,
        demography.TABLE,
        duration.TABLE,
        duration_test.TABLE,
        mapping_bound.TABLE,
        internationalisation.LEVEL,
        level_transition.TRANSITION,
        level_balance.TABLE,
        level_sensitivity.TABLE,
        participation.TABLE,
        partnership.PARTY,
        partnership.SUMMARY,
        partnership.PROJECTION,
        survey_result.TABLE,
        survey_outcome_rate.TABLE,
        survey_estimate.TABLE,
        survey_test.TABLE,
        match_candidate.TABLE,
    )
}


@dataclass(frozen=True)
class SurveyOutput:
    """Where what may be shown of survey waves goes, and what was shown before.

    ``shown``: folder for tables that stand in for those of the warehouse, and for what speaks against publishing;
    ``earlier``: folders of the releases that there are.
    """

    shown: Path
    earlier: Sequence[Path] = ()


def write_estimates(database: Path, out_dir: Path, surveys: SurveyOutput | None = None) -> dict[str, int]:
    """Write ``<out_dir>/<topic>.parquet`` for every topic from the marts in ``database``, which is opened read-only.

    Returns rows written per topic. The same marts, and the same earlier releases, give the same bytes. Without
    ``surveys`` nothing but estimates is written, and no earlier release is looked into.
    """
    import duckdb
    import pyarrow.parquet

    from analytics.survey_publication.tables import arrow_tables, survey_tables, write_shown

    out_dir.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = {topic: build(connection) for topic, build in TOPICS.items()}
        found = survey_tables(connection, surveys.earlier if surveys else ())
        tables |= arrow_tables(found)
        if surveys:
            write_shown(connection, found, surveys.shown)
    for topic, table in tables.items():
        pyarrow.parquet.write_table(table, out_dir / f"{topic}.parquet", compression="zstd")
    return {topic: table.num_rows for topic, table in tables.items()}


def table_texts() -> dict[str, tuple[str, dict[str, str]]]:
    """Text of every `stats` table and of its columns, for comments on the released tables and the dictionary."""
    return {
        name: (table.text, {column.name: column.text for column in table.columns}) for name, table in TABLES.items()
    }
