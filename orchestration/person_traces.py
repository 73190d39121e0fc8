"""Where a respondent still is: responses in all releases and withheld from them, rows in the files that people dropped.

Belongs here: looking, read-only. Does not belong here: pseudonyms (``ingest.survey``), what is said of it
(``forget_command``).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.catalog import BUNDLED_SOURCES, CARD_PATTERNS, read_catalog
from ingest.problem import SourceError
from ingest.registry.landing import QUARANTINE
from ingest.source_card import SourceCard, read_card
from ingest.survey.forgotten import Forgotten
from ingest.survey.landing import job_of
from ingest.survey.person_search import Wave, key_in_use, rows_in_export
from ingest.survey.wave_card import wave_card
from ingest.survey.wave_facts import WaveJob
from orchestration.release.compose import connect
from orchestration.release.microdata import response_sources
from orchestration.release.publish import DATABASE_FILE
from orchestration.settings import Settings

# What a survey tool exports; other files in a folder are not opened.
EXPORT_SUFFIXES = {
    *(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".ods", ".xml", ".zip", ".lsa", ".sav", ".zsav", ".dta", ".parquet"),
}


@dataclass(frozen=True)
class Response:
    """One response in a release. ``respondent_id`` is empty where the export tells nobody from another."""

    release: str
    wave: Wave
    response_id: str
    respondent_id: str
    row_number: int


@dataclass(frozen=True)
class Releases:
    """What the releases hold of somebody, and those that nobody can look into."""

    responses: tuple[Response, ...]
    unreadable: tuple[str, ...]


@dataclass(frozen=True)
class HeldFile:
    """A file with rows of somebody, by their numbers in a spreadsheet."""

    path: Path
    rows: tuple[int, ...]


def waves_of(settings: Settings, folders: Sequence[Path]) -> set[Wave]:
    """Every wave that a card or a release knows."""
    catalog = read_catalog(settings.source_roots, settings.register_roots)
    waves = {_wave(card) for card in (*catalog.cards, *catalog.replaced) if card.is_wave}
    for folder in folders:
        rows, _ = _query(folder, "select distinct survey_code, wave, is_synthetic from {source}", [])
        waves |= {Wave(*row) for row in rows}
    return waves


def look_into_releases(folders: Sequence[Path], names: Collection[str], response_id: str) -> Releases:
    """Responses with one of these ``respondent_id``, or with this ``response_id``, in each release."""
    found: list[Response] = []
    unreadable: list[str] = []
    for folder in folders:
        rows, is_readable = _query(
            folder,
            "select survey_code, wave, is_synthetic, response_id, coalesce(respondent_id, ''), row_number "
            "from {source} where list_contains(?, respondent_id) or response_id = ? order by all",
            [sorted(names), response_id],
        )
        if not is_readable:
            unreadable.append(folder.name)
        found += [Response(folder.name, Wave(*row[:3]), *row[3:]) for row in rows]
    return Releases(tuple(found), tuple(unreadable))


def files_with_rows(
    settings: Settings, waves: Collection[Wave], forgotten: Forgotten
) -> tuple[list[HeldFile], list[Path]]:
    """Files with rows of somebody on the list, and those in the drop folder that could not be looked into.

    Looked at are the files of all cards of survey waves (bundled, dropped, every kept revision, in quarantine), and
    whatever else a survey tool may have made in the drop folder.
    """
    held: list[HeldFile] = []
    unsure: list[Path] = []
    seen: set[Path] = set()
    for card in _wave_cards(settings):
        seen.add(card.file)
        _look(settings, card.file, job_of(wave_card(card)), [_wave(card)], forgotten, held, unsure)
    for path in sorted(settings.inbox.rglob("*")) if settings.inbox.is_dir() else []:
        if path not in seen and path.suffix.lower() in EXPORT_SUFFIXES and path.is_file():
            # Elsewhere in the drop folder a table that is no export is nobody's worry.
            told = unsure if QUARANTINE in path.relative_to(settings.inbox).parts else []
            _look(settings, path, WaveJob(), sorted(waves, key=str), forgotten, held, told)
    return held, unsure


def _look(
    settings: Settings, path: Path, job: WaveJob, waves: Sequence[Wave], forgotten: Forgotten, held: list[HeldFile],
    unsure: list[Path],
) -> None:  # fmt: skip
    rows: set[int] = set()
    for wave in waves:
        key = key_in_use(settings.home, wave, os.environ)
        try:
            rows |= set(rows_in_export(path, job, wave, key, forgotten, settings.raw)) if key else set()
        except (SourceError, OSError):
            unsure.append(path)
            return
    if rows:
        held.append(HeldFile(path, tuple(sorted(rows))))


def _wave_cards(settings: Settings) -> Iterator[SourceCard]:
    """The cards of survey waves wherever they lie, also of kept revisions that do not count any more."""
    roots = (BUNDLED_SOURCES, settings.accepted, *settings.extra_sources, settings.inbox)
    for path in sorted({path for root in roots for pattern in CARD_PATTERNS for path in root.glob(pattern)}):
        try:
            card = read_card(path)
        except SourceError:
            continue
        if card.is_wave:
            yield card


def _wave(card: SourceCard) -> Wave:
    return Wave(card.family, card.edition, card.is_synthetic)


def _query(folder: Path, query: str, values: Sequence[object]) -> tuple[list[tuple[Any, ...]], bool]:
    """Rows of the responses of a release (``{source}`` in the query), those withheld from it included, and whether all
    could be read; none where a release is older than its surveys.
    """
    rows: list[tuple[Any, ...]] = []
    for source in response_sources(folder):
        try:
            with connect(folder / DATABASE_FILE, read_only=True) as connection:
                rows += connection.execute(query.replace("{source}", source), list(values)).fetchall()
        except duckdb.CatalogException:
            continue
        except duckdb.Error:
            return [], False
    return rows, True
