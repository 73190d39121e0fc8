"""Whether a home still has the exports that the withheld surveys of a release were read from.

Belongs here: comparing files with the keyed hashes that a release tells. Does not belong here: making them
(``ingest.survey.export_mark``), the answers kept beside releases (``microdata``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.catalog import find_cards
from ingest.printed_table import file_sha256
from ingest.problem import SourceError
from ingest.source_card import SourceCard, read_card
from ingest.survey.export_mark import published_hash
from orchestration.settings import Settings

WAVES = "parquet/marts/dim_survey_wave.parquet"
HASHED = ("edition_id", "microdata", "file_sha256")


def withheld_exports(release: Path, settings: Settings) -> dict[str, bool]:
    """Each withheld wave of a release, and whether the file in the sources of this home is the one it was read from.

    Empty for a release without any, and where there is no such table. A wave that is no longer among the sources, or
    whose file or key is another one now, is False.
    """
    import pyarrow.parquet as pq

    if not (release / WAVES).is_file():
        return {}
    rows = pq.read_table(release / WAVES)
    if not set(HASHED) <= set(rows.column_names):
        return {}
    told = {
        str(row["edition_id"]): str(row["file_sha256"])
        for row in rows.select(HASHED).to_pylist()
        if row["microdata"] == "withheld"
    }
    cards = {f"{card.family}/{card.edition}": card for card in _waves(settings)} if told else {}
    return {wave: wave in cards and _mark(cards[wave], settings) == told[wave] for wave in sorted(told)}


def _waves(settings: Settings) -> Iterator[SourceCard]:
    for path in find_cards(settings.source_roots):
        try:
            card = read_card(path)
        except SourceError:
            continue
        if card.is_wave:
            yield card


def _mark(card: SourceCard, settings: Settings) -> str:
    """The keyed hash of the file as it stands there now; empty where there is none to make."""
    try:
        is_whole = card.file.is_file() and file_sha256(card.file) == card.content["sha256"]
        return published_hash(card, settings.home) if is_whole else ""
    except SourceError:
        return ""
