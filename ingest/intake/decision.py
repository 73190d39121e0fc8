"""What becomes of one offer: it is copied to a folder of ours, checked and read there.

Belongs here: the order of the checks, the name under which a file is kept, the problems put together. Does not belong
here: reading tables (``tables``), landing them (``landing``) and what a plausible edition is (handed in).
"""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.intake.offers import Offer
from ingest.landing import land_source
from ingest.message import problem
from ingest.problem import SEVERITY, Outcome, Place, Problem, SourceError, Wording, hardest
from ingest.source_card import SourceCard, read_card
from ingest.tables.limits import LIMITS

INGEST = Path(__file__).resolve().parents[1]
PLAIN_SIGNS = set(" ._-+()（）・、,&")
LONGEST_STORED_NAME = 200
COPIED_BYTES = 1 << 20

# What a plausible edition is: (card, its landed rows, the edition before it if there is one, a folder for its rows).
Border = Callable[[SourceCard, Path, SourceCard | None, Path], Sequence[Problem]]

READ = {None, Outcome.FIX, Outcome.WARN}
READ_CARD = ("read the card and held it against the rules for cards", "カードを読み、カードの規則と照合")
HASHED = ("compared the content with the hash in the card", "内容をカードのハッシュと照合")
READ_TABLE = (
    "read the table in a process of its own and mapped its columns and labels",
    "表を別プロセスで読み、列と分類を対応付け",
)
LOOKED_AT = ("looked at its name and its first bytes", "名前と先頭のバイトを確認")
COMPARED = ("compared it with the other files and sources", "他のファイルおよび情報源と比較")


@dataclass(frozen=True)
class Decision:
    """What becomes of an offer: everything found, what was tried, the copied card (if it came to that) and its rows."""

    problems: tuple[Problem, ...]
    tried: tuple[tuple[str, str], ...]
    card: SourceCard | None = None
    rows: int = 0

    @property
    def outcome(self) -> Outcome | None:
        """The hardest outcome; None if there is nothing to say."""
        return hardest(self.problems)

    @property
    def told(self) -> tuple[Problem, ...]:
        """What there is to say, the hardest first; that a file is read with a derived card only if it is read."""
        left = (each for each in self.problems if self.is_accepted or each.code != "card_derived")
        return tuple(sorted(left, key=lambda each: -SEVERITY.index(each.outcome)))

    @property
    def is_accepted(self) -> bool:
        """Whether the offer is read."""
        return self.outcome in READ


class Changed(Exception):
    """The file is not, or no longer, what it was when it was hashed; to be looked at again later."""


def decide(offer: Offer, folder: Path, raw: Path, border: Border, before: SourceCard | None) -> Decision:
    """Copy an offer into ``folder``, which must not exist, and check and read it there; ``raw`` takes its rows.

    Raises:
        Changed: the file or its card changed or vanished while it was read.
        OSError: ``folder`` cannot be written.
    """
    if hardest(offer.problems) not in READ or offer.card is None or offer.file is None:
        return Decision(offer.problems, (COMPARED, READ_CARD) if offer.card_path else (LOOKED_AT,))
    tried = [COMPARED, *([READ_CARD, HASHED] if offer.card_path else [_derived(offer)])]
    stored, problems = _copied(offer, folder)
    if hardest(problems) not in READ:
        return Decision(tuple(problems), tuple(tried))
    card = None
    try:
        card = _stored_card(offer, folder, stored)
        tried.append(READ_TABLE)
        landed = land_source(card, raw, is_foreign=True)
    except SourceError as error:
        return Decision((*problems, *_as_dropped(error.problems, offer, folder)), tuple(tried), card)
    rows = landed.rows_read - landed.rows_rejected
    tried.append(
        (f"counted {landed.rows_read} rows, {rows} of them entries", f"{landed.rows_read}行のうち項目は{rows}件")
    )
    if rows:
        problems += _as_dropped(border(card, landed.path, before, raw), offer, folder)
        tried.append(("held it against the card and the edition before", "カードおよび前の版と照合"))
    problems += _as_dropped(landed.facts.problems, offer, folder)
    return Decision(tuple(problems), tuple(tried), card, rows)


def _derived(offer: Offer) -> tuple[str, str]:
    return f"derived its card from {offer.derived_from}", f"{offer.derived_from}からカードを作成"


def _copied(offer: Offer, folder: Path) -> tuple[str, list[Problem]]:
    """Copy the file under the name it is kept under; that name, and what is known by now.

    Raises:
        Changed: the file is not what was hashed.
    """
    place, problems = Place(offer.name), list(offer.problems)
    try:
        size = offer.the_file.stat().st_size
    except OSError as error:
        raise Changed(offer.name) from error
    if size > LIMITS.file_bytes:
        return "", [*problems, problem("file_too_large", place, size=size, limit=LIMITS.file_bytes)]
    if size == 0:
        return "", [*problems, problem("file_empty", place)]
    stored = stored_name(offer.the_file.name, offer.sha256)
    if stored not in {offer.the_card.content["file"], unicodedata.normalize("NFC", offer.the_file.name)}:
        problems.append(problem("name_not_kept", place, stored=stored))
    folder.mkdir(parents=True)
    if _copied_sha256(offer.the_file, folder / stored) != offer.sha256:
        raise Changed(offer.name)
    return stored, problems


def stored_name(name: str, sha256: str) -> str:
    """The name under which a file is kept: its own if it is made of letters, digits and plain signs, else its hash.

    Its own name is what people look for in a release; the hash is for names that a file system, a terminal or a
    spreadsheet could take for something else.
    """
    plain = unicodedata.normalize("NFC", name)
    signs_are_plain = all(sign.isalnum() or sign in PLAIN_SIGNS for sign in plain)
    if signs_are_plain and plain[0] not in "-." and len(plain.encode()) <= LONGEST_STORED_NAME:
        return plain
    return f"{sha256}{Path(plain).suffix.lower()}"


@cache
def reading_code() -> str:
    """Hash of the code and the tables of words that decide how a file is read."""
    digest = hashlib.sha256()
    for path in sorted(INGEST.rglob("*")):
        if path.suffix in {".py", ".csv", ".json"} and "sources" not in path.relative_to(INGEST).parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _copied_sha256(source: Path, target: Path) -> str:
    """Copy a file and hash what was copied.

    Raises:
        Changed: it cannot be opened any more.
    """
    digest = hashlib.sha256()
    try:
        stream = source.open("rb")
    except OSError as error:
        raise Changed(str(source)) from error
    with stream, target.open("wb") as copy:
        while piece := stream.read(COPIED_BYTES):
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def _stored_card(offer: Offer, folder: Path, stored: str) -> SourceCard:
    """The card beside the copy: as it is where it can stay so, else written anew with the name of the copy.

    The codebook of a survey wave is copied with it; landing holds it against the card.
    """
    if offer.codebook is not None:
        try:
            shutil.copyfile(offer.codebook, folder / offer.codebook.name)
        except FileNotFoundError as error:
            raise Changed(offer.name) from error
    if offer.card_path is not None and offer.the_card.content["file"] == stored:
        path = folder / "source.yml"
        try:
            path.write_bytes(offer.card_path.read_bytes())
        except FileNotFoundError as error:
            raise Changed(offer.name) from error
        card = read_card(path)
        if card.content != offer.the_card.content:
            raise Changed(offer.name)
        return card
    return write_card(folder / "source.yml", {**offer.the_card.content, "file": stored}, offer)


def write_card(path: Path, content: dict[str, Any], offer: Offer) -> SourceCard:
    """Write a card and read it back by the rules for cards."""
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    try:
        return read_card(path)
    except SourceError as error:
        if offer.card_path is not None:
            raise
        found = "; ".join(f"{each.what}: {each.found}" for each in error.problems)
        raise SourceError([problem("derived_card_wrong", Place(offer.name), found=found)]) from error


def _as_dropped(problems: Sequence[Problem], offer: Offer, folder: Path) -> list[Problem]:
    """Problems that name the files where the officer put them, not our copies, and nobody's address or number.

    A file may be refused for another fault before anybody has looked for contact data in it.
    """
    from ingest.personal import masked

    parent = f"{Path(offer.name).parent.as_posix()}/".removeprefix("./")
    card = f"{parent}{offer.card_path.name if offer.card_path else 'source.yml'}"

    def dropped(text: str) -> str:
        return masked(text.replace(f"{folder}/source.yml", card).replace(f"{folder}/", parent))

    return [
        replace(
            each,
            what=dropped(each.what),
            where=dropped(each.where),
            found=dropped(each.found),
            expected=dropped(each.expected),
            remedy=dropped(each.remedy),
            ja=Wording(**{part: dropped(text) for part, text in vars(each.ja).items()}) if each.ja else None,
        )
        for each in problems
    ]
