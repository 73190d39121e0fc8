"""Which sources there are: cards found under the source roots, and which of them are active.

Belongs here: finding cards, refusing duplicates, letting a real edition take a synthetic one's place, and the
fingerprint that tells whether anything changed. Does not belong here: reading the files' rows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.intake.accepted import active_folders, is_store
from ingest.message import problem
from ingest.printed_table import file_sha256
from ingest.problem import Problem, SourceError, nearest_word
from ingest.registry.landing import FILE_NAMES, NamedFile, bundled_files, drop_in_files, drop_in_folders
from ingest.source_card import SourceCard, read_card

BUNDLED_SOURCES = Path(__file__).resolve().with_name("sources")
TABLE_SUFFIXES = {".csv", ".tsv", ".xlsx", ".xlsm", ".ods"}
# Exports of survey tools and their codebooks beside the cards.
SURVEY_SUFFIXES = {".txt", ".xml", ".zip", ".lsa", ".lss", ".sav", ".zsav", ".dta", ".parquet"}
INPUT_SUFFIXES = {".yml", *TABLE_SUFFIXES, *SURVEY_SUFFIXES}
CARD_PATTERNS = ("**/source.yml", "**/*.source.yml")


@dataclass(frozen=True)
class Catalog:
    """The active cards in order of id, the synthetic ones whose place was taken, files without card, the register."""

    cards: tuple[SourceCard, ...]
    replaced: tuple[SourceCard, ...]
    without_card: tuple[Path, ...]
    register: tuple[NamedFile, ...]

    def card(self, source_id: str) -> SourceCard:
        """The active card with this id; ``KeyError`` if there is none."""
        return next(card for card in self.cards if card.source_id == source_id)


def is_foreign(card: SourceCard) -> bool:
    """Whether the card is none of the bundled ones, so that nobody of this project has looked at its file."""
    return not card.path.resolve().is_relative_to(BUNDLED_SOURCES)


def find_cards(roots: Iterable[Path]) -> list[Path]:
    """Paths of all cards under the roots, in a fixed order; of an accepted store those of its active revisions."""
    folders = [folder for root in roots for folder in (active_folders(root) if is_store(root) else [root])]
    return sorted(
        {path for folder in folders for pattern in CARD_PATTERNS for path in folder.glob(pattern) if path.is_file()}
    )


def read_catalog(roots: Sequence[Path], registers: Sequence[Path] | None = None) -> Catalog:
    """Read and check every card under the roots.

    ``registers``: the folders below which register files are looked for; the roots if left out.

    Raises:
        SourceError: with the problems of all cards together.
    """
    registers = roots if registers is None else registers
    problems: list[Problem] = []
    cards: list[SourceCard] = []
    for path in find_cards(roots):
        try:
            cards.append(read_card(path))
        except SourceError as error:
            problems += error.problems
    problems += _repeated(cards) + _misnamed(registers, cards)
    if problems:
        raise SourceError(problems)
    real = {(card.family, card.edition) for card in cards if not card.is_synthetic}
    replaced = tuple(card for card in cards if card.is_synthetic and (card.family, card.edition) in real)
    active = sorted((card for card in cards if card not in replaced), key=lambda card: card.source_id)
    return Catalog(tuple(active), replaced, _without_card(roots, cards), _register(registers))


def _repeated(cards: Sequence[SourceCard]) -> list[Problem]:
    """Two cards with one id, or two equal claims to one edition of a family."""
    problems = []
    ids: dict[str, SourceCard] = {}
    editions: dict[tuple[str, str, bool], SourceCard] = {}
    for card in cards:
        if card.source_id in ids:
            problems.append(
                problem("card_id_repeated", str(card.path), id=card.source_id, other=ids[card.source_id].path)
            )
        # Names that differ by a sign only would be one and the same in the run history.
        place = (re.sub(r"\W", "_", card.family), re.sub(r"\W", "_", card.edition), card.is_synthetic)
        if place in editions:
            problems.append(
                problem(
                    "edition_repeated",
                    str(card.path),
                    edition=card.edition,
                    family=card.family,
                    other=editions[place].path,
                )
            )
        ids.setdefault(card.source_id, card)
        editions.setdefault(place, card)
    return problems


def _without_card(roots: Sequence[Path], cards: Sequence[SourceCard]) -> tuple[Path, ...]:
    """Data files under a root that no card speaks of; they are named to the user and not read."""
    known = {path.resolve() for card in cards for path in card.files}
    return tuple(
        path
        for root in roots
        if root != BUNDLED_SOURCES and not is_store(root)
        for path in sorted(root.rglob("*"))
        if path.suffix.lower() in TABLE_SUFFIXES
        and path.is_file()
        and path.parent.name != "registry"
        and path.resolve() not in known
    )


def _misnamed(roots: Sequence[Path], cards: Sequence[SourceCard]) -> list[Problem]:
    """Tables in a folder of the register that are called otherwise than its files: their rows would not count."""
    known = {card.file.resolve() for card in cards}
    return [
        problem(
            "register_file_misnamed",
            str(path),
            name=path.name,
            near=nearest_word(path.name, FILE_NAMES.values()) or None,
            known=", ".join(FILE_NAMES.values()),
        )
        for folder in sorted({folder for root in roots for folder in drop_in_folders(root)})
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in TABLE_SUFFIXES
        and path.name not in FILE_NAMES.values()
        and path.resolve() not in known
    ]


def _register(roots: Sequence[Path]) -> tuple[NamedFile, ...]:
    """The bundled register if the bundled sources are read, then the user's own beside drop-in sources."""
    bundled = bundled_files() if BUNDLED_SOURCES in roots else ()
    dropped_in = {file.path: file for root in roots for file in drop_in_files(root)}
    return (*bundled, *(dropped_in[path] for path in sorted(dropped_in)))


def fingerprint(roots: Sequence[Path], registers: Sequence[Path] | None = None) -> str:
    """Hash of all input bytes: every card, every file beside one that it could name, and every registry file.

    ``registers`` as in ``read_catalog``.
    """
    registers = roots if registers is None else registers
    digest = hashlib.sha256()
    for root in dict.fromkeys((*roots, *registers)):
        folders = {path.parent for path in find_cards([root] if root in roots else [])}
        folders |= set(drop_in_folders(root)) if root in registers else set()
        files = {path for folder in folders for path in folder.iterdir() if path.suffix.lower() in INPUT_SUFFIXES}
        for path in sorted(path for path in files if path.is_file()):
            digest.update(f"{path.relative_to(root).as_posix()}\0{file_sha256(path)}\n".encode())
    return digest.hexdigest()
