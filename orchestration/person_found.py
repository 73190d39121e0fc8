"""Who is meant by an id that somebody typed: by pseudonym, identity or number of a response.

Belongs here: joining what releases and the restricted store know. Does not belong here: asking, changing and reporting
(``forget_command``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.catalog import read_catalog
from ingest.restricted import restricted_path
from ingest.survey.forgotten import ForgottenRow, read_forgotten
from ingest.survey.person_search import Wave, candidates, further_names, kept_responses, key_in_use
from ingest.survey.pseudonym import RESPONSE_ID, key_id
from orchestration.person_traces import Response, look_into_releases, waves_of
from orchestration.release.publish import release_folders
from orchestration.retention import today
from orchestration.settings import Settings


class Ambiguous(Exception):
    """Responses of several persons, as far as anybody can know, have the id."""


@dataclass(frozen=True)
class Found:
    """Somebody as found; without ``rows`` nobody was.

    ``rows`` are what goes onto the list, or stands there already; ``responses`` those in releases; ``kept`` the numbers
    of the responses in each restricted file; ``other_waves`` those known by it or by the list; ``response_id`` the
    number of a response whose export tells nobody from another.
    """

    rows: tuple[ForgottenRow, ...] = ()
    responses: tuple[Response, ...] = ()
    kept: Mapping[Path, list[int]] = field(default_factory=dict)
    other_waves: frozenset[Wave] = frozenset()
    response_id: str = field(default="", repr=False)

    @property
    def names(self) -> frozenset[str]:
        """The pseudonyms that go onto the list."""
        return frozenset(row.pseudonym for row in self.rows)

    @property
    def waves(self) -> list[Wave]:
        """Where the person answered."""
        return sorted({each.wave for each in self.responses} | self.other_waves, key=str)

    def rows_in_file(self, wave: Wave) -> list[int]:
        """The rows of the wave's file, as the releases that have them say."""
        return sorted({each.row_number for each in self.responses if each.wave == wave})

    def is_theirs(self, response: Response) -> bool:
        """Whether a response of a release is this person's."""
        if response.respondent_id:
            return response.respondent_id in self.names
        return response.wave in self.waves and response.response_id == self.response_id != ""


def find(settings: Settings, given: str, wave: str = "") -> Found:
    """Everything that is known by what was typed; ``wave`` (``survey/wave``): only there.

    Raises:
        SourceError: the key cannot be used.
        Ambiguous: the number of responses in several waves.
    """
    folders = release_folders(settings)
    waves = [each for each in sorted(waves_of(settings, folders), key=str) if wave in {"", str(each)}]
    keys = {each: key for each in waves if (key := key_in_use(settings.home, each, os.environ)) is not None}
    wanted = candidates(given, keys, today())
    looked = [each for each in look_into_releases(folders, frozenset(wanted), given).responses if each.wave in keys]
    theirs = [each for each in looked if each.respondent_id in wanted]
    numbered = [] if theirs else looked
    if len(held := sorted({str(each.wave) for each in numbered})) > 1:
        raise Ambiguous(
            f"Responses of {len(held)} waves have this id: {', '.join(held)}. Say which is meant with --wave, or give "
            "the respondent_id."
        )
    rows = {row.pseudonym: row for each in (*theirs, *numbered) for row in [_row(each, wanted, keys[each.wave])]}
    kept, other_waves = _kept(settings, keys, wanted, rows)
    for row in read_forgotten(settings.home).rows:
        if row.pseudonym in wanted:
            rows.setdefault(row.pseudonym, row)
            other_waves |= {each for each in keys if (each.survey, each.wave) == (row.survey, row.wave)}
    is_alone = any(not each.respondent_id for each in numbered)
    return Found(tuple(rows.values()), (*theirs, *numbered), kept, frozenset(other_waves), given if is_alone else "")


def _kept(
    settings: Settings, keys: Mapping[Wave, bytes], wanted: Mapping[str, ForgottenRow], rows: dict[str, ForgottenRow]
) -> tuple[dict[Path, list[int]], set[Wave]]:
    """The responses in the restricted store that are meant, and their waves; ``rows`` gets their further pseudonyms.

    A token found beside an address may stand alone in another wave, so it is sought until no more is found.
    """
    stores = [(each, path) for each, path in _stores(settings) if each in keys and path.is_file()]
    kept: dict[Path, list[int]] = {}
    waves: set[Wave] = set()
    n_known = -1
    while n_known < len(rows):
        n_known = len(rows)
        for each, path in stores:
            for name, numbers in kept_responses(path, each, keys[each], frozenset({*wanted, *rows})).items():
                rows.setdefault(name, wanted.get(name) or rows[name])
                kept[path] = sorted({*kept.get(path, ()), *numbers})
                waves.add(each)
            for name, role in further_names(path, each, keys[each], kept.get(path, ())).items():
                rows.setdefault(name, ForgottenRow(each.survey, each.wave, role, name, key_id(keys[each]), today()))
    return kept, waves


def _row(response: Response, wanted: Mapping[str, ForgottenRow], key: bytes) -> ForgottenRow:
    """The line that leaves a response out: by its person where the export tells persons apart, else by itself."""
    survey, wave, name = response.wave.survey, response.wave.wave, response.respondent_id
    if name in wanted:
        return wanted[name]
    if name:
        return ForgottenRow(survey, wave, "respondent_id", name, key_id(key), today())
    return next(row for row in wanted.values() if (row.role, row.survey, row.wave) == (RESPONSE_ID, survey, wave))


def _stores(settings: Settings) -> Iterator[tuple[Wave, Path]]:
    """The restricted file of each wave that is read."""
    for card in read_catalog(settings.source_roots, settings.register_roots).cards:
        if card.is_wave:
            path = restricted_path(settings.raw.parent, card.source_id, card.content["sha256"])
            yield Wave(card.family, card.edition, card.is_synthetic), path
