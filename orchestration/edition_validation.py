"""Great Expectations at the border in, for one landed edition: in a build and before a file is accepted.

Belongs here: fetching what the check needs, and its outcome as problems of an intake. Does not belong here: what must
hold (``expectations``), Dagster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.catalog import is_foreign
from ingest.landing import land_source
from ingest.layout import CITATION
from ingest.message import harmless, problem
from ingest.problem import Place, Problem, SourceError
from ingest.source_card import SourceCard

if TYPE_CHECKING:
    import pandas as pd

    from expectations.validate import Outcome, Validation

LONGEST_SENTENCE = 1_000


def validate_edition(card: SourceCard, landed: Path, before: Path | None) -> Validation:
    """Does this landed edition look plausible, also beside the landed edition before it?"""
    from expectations.border_in import EditionFacts, blank_shares, check_edition

    if card.is_wave:
        return _validate_wave(card, landed)
    rows_min, rows_max = card.expected_rows
    facts = EditionFacts(
        subject=f"{card.family}, edition {card.edition}",
        rows_min=rows_min,
        rows_max=rows_max,
        key_columns=card.key,
        required_columns=("entry_key",),
        is_synthetic=card.is_synthetic,
        allowed_codes={
            f"{name}_code": frozenset(labels.values()) for name, labels in card.content.get("labels", {}).items()
        },
        previous_blank_shares=blank_shares(_rows(before), _compared_columns(card)) if before else {},
    )
    return check_edition(_rows(landed), facts)


def _validate_wave(card: SourceCard, landed: Path) -> Validation:
    """Does a landed survey wave look plausible? Of its responses only what is asked is fetched.

    The card tells the rows of the file, of which those of forgotten persons are left out.
    """
    import pyarrow.parquet as pq

    from expectations.wave_in import COLUMNS, check_wave
    from ingest.survey.landing import read_wave_facts

    responses = pq.read_table(landed, columns=list(COLUMNS)).to_pandas()
    n_forgotten = read_wave_facts(landed).n_rows - len(responses)
    fewest, most = card.expected_rows
    expected = (max(fewest - n_forgotten, 0), max(most - n_forgotten, 0))
    return check_wave(responses, f"{card.family}, wave {card.edition}", expected)


def edition_problems(card: SourceCard, landed: Path, before: SourceCard | None, scratch: Path) -> Sequence[Problem]:
    """What the border in says of a file that is not accepted yet.

    ``scratch`` takes the rows of the edition before it.
    """
    place = Place(card.file.name)
    if card.is_wave:
        before = None
    try:
        rows_before = land_source(before, scratch, is_foreign=is_foreign(before)).path if before else None
    except SourceError:
        # The build tells what is wrong with that one; this one is then looked at by itself.
        rows_before = None
    validation = validate_edition(card, landed, rows_before)
    return [
        *(_told("edition_implausible", place, each) for each in validation.errors),
        *(_told("edition_doubtful", place, each) for each in validation.warnings),
    ]


def _told(code: str, place: Place, outcome: Outcome) -> Problem:
    """The problem with the whole sentence of an expectation: a value of a problem would be cut."""
    told = problem(code, place, found="")
    english, japanese = (
        harmless(text.rstrip(".。"), LONGEST_SENTENCE) for text in (outcome.message, outcome.message_ja)
    )
    return replace(told, found=english, ja=replace(told.ja, found=japanese) if told.ja else None)


def _compared_columns(card: SourceCard) -> tuple[str, ...]:
    """The columns whose fill is compared with the edition before: those this card maps, without the citation."""
    left_out = {*CITATION, *card.content.get("blanks_accepted", [])}
    mapped = set(card.column_map.values()) - left_out
    return tuple(name for name in card.layout.columns if name in mapped)


def _rows(landed: Path) -> pd.DataFrame:
    import pyarrow.parquet as pq

    frame: pd.DataFrame = pq.read_table(landed).drop_columns(["printed"]).to_pandas()
    return frame
