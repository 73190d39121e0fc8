"""What the drop folder offers: a card with its file, or a file whose name a family knows.

Belongs here: putting cards and files together, hashing them, naming files that nobody speaks of. Does not belong here:
whether two offers are in each other's way (``claims``) and whether one is fit to be read (``decision``).
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest.intake.derived_card import Pattern, derived_content
from ingest.intake.drop_folder import Dropped, below
from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.source_card import LONGEST_CARD, SourceCard, read_card
from ingest.tables.file_kind import file_kind

# What people put beside their data to read it themselves.
NOTES = {".md", ".txt", ".py", ".yml", ".yaml"}
DRAFT_NAME = "source.draft.yml"
FILE_FIELD = re.compile(r"""^file:\s*(?:"([^"]*)"|'([^']*)'|(.*?))\s*$""", re.MULTILINE)


@dataclass(frozen=True)
class Offer:
    """One edition on offer: ``card`` is what will be stored; ``problems`` are what is known before the file is read.

    ``card_path`` is None for a derived card; ``file`` is None if the card's file is not there.
    """

    name: str
    card_path: Path | None
    file: Path | None
    sha256: str = ""
    card: SourceCard | None = None
    derived_from: str | None = None
    is_ahead: bool = False
    problems: tuple[Problem, ...] = field(default=())

    @property
    def place(self) -> Path:
        """Where it is: its card, or its file if it has none."""
        return self.card_path or self.the_file

    @property
    def the_card(self) -> SourceCard:
        """Its card; LookupError if it could not be read."""
        if self.card is None:
            raise LookupError(self.name)
        return self.card

    @property
    def the_file(self) -> Path:
        """Its file; LookupError if there is none."""
        if self.file is None:
            raise LookupError(self.name)
        return self.file

    @property
    def edition_id(self) -> str:
        """``family/edition``, or an empty text while no card says so."""
        return f"{self.card.family}/{self.card.edition}" if self.card else ""

    @property
    def key(self) -> str:
        """Hash of what is offered: the same file and the same card, wherever they lie and whatever they are called."""
        promised = self.the_card.content["sha256"]
        card = SourceCard(self.the_card.path, {**self.the_card.content, "file": "", "sha256": ""}).fingerprint()
        return hashlib.sha256(f"{self.sha256}\n{promised}\n{card}".encode()).hexdigest()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Its card, its file and the codebook of a survey wave as far as they are there."""
        return tuple(path for path in (self.card_path, self.file, self.codebook) if path is not None)

    @property
    def codebook(self) -> Path | None:
        """The codebook that the card of a survey wave names, if it lies beside it."""
        if self.card is None or self.card_path is None or not self.card.is_wave:
            return None
        return next((path for path in self.card.files[1:] if path.is_file() and not path.is_symlink()), None)


class Hashes:
    """SHA-256 of files, remembered by name, size, number and times on disk, so that what lies still is read once."""

    def __init__(self, known: Mapping[str, Sequence[str | int]]) -> None:
        """``known``: what ``remembered`` gave in an earlier run."""
        self._known = known
        self.remembered: dict[str, list[str | int]] = {}

    def of(self, path: Path, name: str) -> str:
        """The hash; raises OSError where the file cannot be read."""
        facts = path.stat()
        mark = [facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino]
        known = self._known.get(name, ())
        if list(known[:-1]) == mark and os.access(path, os.R_OK):
            sha256 = str(known[-1])
        else:
            with path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        self.remembered[name] = [*mark, sha256]
        return sha256


@dataclass(frozen=True)
class Offers:
    """All offers, files that wait (with the reason), and files that nobody speaks of or that are never read."""

    offers: tuple[Offer, ...]
    waiting: dict[Path, Problem]
    unspoken: dict[Path, Problem]
    refused: dict[Path, Problem]


def gather(inbox: Path, dropped: Dropped, patterns: Sequence[Pattern], hashes: Hashes) -> Offers:
    """Put cards and files together. A file at rest whose card still arrives waits for it, and the other way round."""
    waiting = dict(dropped.waiting)
    everything = {*dropped.cards, *dropped.files, *dropped.waiting}
    spoken: set[Path] = set()
    offers: list[Offer] = []
    for path in (each for each in dropped.waiting if each.name.endswith("source.yml") and each.is_file()):
        spoken.update(filter(None, [file_beside(path, everything)]))
    for path in dropped.cards:
        file = file_beside(path, everything)
        spoken.update(filter(None, [file]))
        if file in dropped.waiting:
            waiting[path] = replace(dropped.waiting[file], where=below(path, inbox))
        else:
            offers.append(carded(inbox, path, file, hashes))
            spoken.update((*report_beside(offers[-1]), *filter(None, [offers[-1].codebook])))
    unspoken: dict[Path, Problem] = {}
    refused: dict[Path, Problem] = {}
    drafted = _drafted(inbox, dropped, everything)
    for path in (each for each in dropped.files if each not in spoken):
        if path in drafted:
            if told := drafted[path]:
                waiting[path] = told
            continue
        matched = next((each for each in patterns if each.edition_of(path.name)), None)
        if matched is not None:
            offers.append(derived(inbox, path, matched, hashes))
        elif path.suffix.lower() not in NOTES:
            told = _unspoken(path, inbox)
            (unspoken if told.code == "file_without_card" else refused)[path] = told
    offers = [replace(each, is_ahead=any(path in dropped.ahead for path in each.paths)) for each in offers]
    return Offers(tuple(offers), waiting, unspoken, refused)


def is_draft(path: Path) -> bool:
    """Whether a file is a card that somebody still works on."""
    return path.name.endswith(DRAFT_NAME)


def _drafted(inbox: Path, dropped: Dropped, everything: Iterable[Path]) -> dict[Path, Problem | None]:
    """Files whose card is a draft, with the reason why they wait; None for others in its folder and the draft itself.

    What lies loose in the drop folder has nothing to do with a draft there, unless the draft names it.
    """
    found: dict[Path, Problem | None] = {}
    drafts = [path for path in everything if is_draft(path)]
    for draft in drafts:
        if draft.parent != inbox:
            found |= {path: found.get(path) for path in dropped.files if path.parent == draft.parent}
        file = file_beside(draft, everything) or draft
        found[file] = problem("card_is_draft", Place(below(file, inbox)), draft=draft.name)
    return found


def file_named_by(card: Path) -> str:
    """The name that a card gives under ``file``, also of a card that is otherwise wrong; empty if there is none."""
    try:
        with card.open("rb") as stream:
            content = stream.read(LONGEST_CARD)
    except OSError:
        return ""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    found = FILE_FIELD.search(content.decode(encoding, errors="replace").replace("\r", "\n"))
    name = next(filter(None, found.groups()), "") if found else ""
    return "" if "/" in name or "\\" in name else name


def file_beside(card: Path, everything: Iterable[Path]) -> Path | None:
    """The file of a card: by its name, in whichever form of Unicode the disk keeps it."""
    name = file_named_by(card)
    wanted = unicodedata.normalize("NFC", name)
    found = [
        path
        for path in everything
        if path.parent == card.parent and unicodedata.normalize("NFC", path.name) == wanted and path != card
    ]
    return min(found, key=lambda path: (path.name != name, path.name), default=None)


def report_beside(offer: Offer) -> Iterable[Path]:
    """The PDF report that the offer's CSV was made from; it stays beside the card and is no offer itself."""
    kept = offer.card.content.get("extracted_from") if offer.card else None
    return [offer.place.with_name(str(kept["file"]))] if kept else []


def carded(inbox: Path, path: Path, file: Path | None, hashes: Hashes) -> Offer:
    """The offer of a card and its file; what is wrong with them goes into its problems."""
    offer = Offer(below(file or path, inbox), path, file)
    problems: list[Problem] = []
    try:
        offer = replace(offer, card=read_card(path))
        if "extracted_from" in offer.the_card.content:
            # Nearly no card has a PDF behind it, and every build reads every card.
            from ingest.tables.pdf_extraction import check_extraction

            problems += check_extraction(offer.the_card.content, path.parent)
        if offer.the_card.is_wave:
            from ingest.survey.wave_card import check_codebook, wave_card

            check_codebook(wave_card(offer.the_card))
    except SourceError as error:
        problems += [_below(each, inbox) for each in error.problems]
    except OSError as error:
        problems.append(problem("file_unreadable", Place(below(path, inbox)), reason=error.strerror))
    named = file_named_by(path)
    if file is None and (named or not problems):
        named = named or "?"
        problems.append(problem("file_missing", Place(below(path, inbox)), name=named, path=named))
    return _hashed(replace(offer, problems=tuple(problems)), hashes)


def _below(told: Problem, inbox: Path) -> Problem:
    """A problem whose place is told below the drop folder."""
    ja = replace(told.ja, where=told.ja.where.replace(f"{inbox}/", "")) if told.ja else None
    return replace(told, where=told.where.replace(f"{inbox}/", ""), ja=ja)


def derived(inbox: Path, path: Path, pattern: Pattern, hashes: Hashes) -> Offer:
    """The offer of a file whose name a family knows."""
    offer = _hashed(Offer(below(path, inbox), None, path, derived_from=pattern.card.source_id), hashes)
    if not offer.sha256:
        return offer
    content = derived_content(pattern, path.name, offer.sha256)
    told = problem("card_derived", Place(offer.name), parent=pattern.card.source_id, edition=content["edition"])
    return replace(offer, card=SourceCard(path.with_name("source.yml"), content), problems=(*offer.problems, told))


def _hashed(offer: Offer, hashes: Hashes) -> Offer:
    if offer.file is None:
        return offer
    try:
        return replace(offer, sha256=hashes.of(offer.file, offer.name))
    except FileNotFoundError:
        told = problem("file_gone", Place(offer.name))
    except OSError as error:
        told = problem("file_unreadable", Place(offer.name), reason=error.strerror)
    return replace(offer, problems=(*offer.problems, told))


def _unspoken(path: Path, inbox: Path) -> Problem:
    """Of a file that no card speaks of: that it was not read, or why its kind is refused at all."""
    try:
        file_kind(path)
    except SourceError as error:
        from ingest.survey.opening import tool_by_bytes

        # A Parquet file without a card may be anybody's; that of a survey comes with one.
        if tool_by_bytes(path) in {"", "Parquet"}:
            return replace(error.problems[0], where=below(path, inbox))
    return problem("file_without_card", Place(below(path, inbox)), name=path.name)
