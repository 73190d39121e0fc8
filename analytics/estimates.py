"""All estimates of a warehouse: which topics there are, and the step from a DuckDB file to one Parquet per topic.

Belongs here: the list of topics and the writing. A new topic is a module in ``topics`` and a line in ``TOPICS``.
"""

from __future__ import annotations

from collections.abc import Callable
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
    survey_outcome_rate,
    survey_result,
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
        match_candidate.TABLE,
    )
}


def write_estimates(database: Path, out_dir: Path) -> dict[str, int]:
    """Write ``<out_dir>/<topic>.parquet`` for every topic from the marts in ``database``, which is opened read-only.

    Returns rows written per topic. The same marts give the same bytes.
    """
    import duckdb
    import pyarrow.parquet

    out_dir.mkdir(parents=True, exist_ok=True)
    written = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for topic, build in TOPICS.items():
            table = build(connection)
            pyarrow.parquet.write_table(table, out_dir / f"{topic}.parquet", compression="zstd")
            written[topic] = table.num_rows
    return written


def table_texts() -> dict[str, tuple[str, dict[str, str]]]:
    """Text of every `stats` table and of its columns, for comments on the released tables and the dictionary."""
    return {
        name: (table.text, {column.name: column.text for column in table.columns}) for name, table in TABLES.items()
    }
