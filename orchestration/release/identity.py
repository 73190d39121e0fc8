"""The release id: a hash of everything a release is made of.

Belongs here: hashing inputs (with who is left out of them), code and lock file. Does not belong here: the clock; the
same content has the same id.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ingest.catalog import BUNDLED_SOURCES, find_cards, fingerprint
from ingest.layout import WAVE
from ingest.problem import SourceError
from ingest.source_card import read_card
from ingest.survey.forgotten import read_forgotten
from ingest.survey.pseudonym import key_id, read_key
from orchestration.settings import PROJECT, Settings

CODE_FOLDERS = ("ingest", "dbt_project", "expectations", "analytics", "orchestration")
CODE_SUFFIXES = {".py", ".sql", ".yml", ".csv", ".json", ".html", ".css", ".md"}
LOCK_FILE = PROJECT / "requirements.lock"


@dataclass(frozen=True)
class Identity:
    """Hashes of the inputs, the code and the lock file, and the release id made of the three."""

    inputs: str
    code: str
    lock: str

    @property
    def release_id(self) -> str:
        """``r`` and twelve hexadecimal digits."""
        content = f"{self.inputs}\n{self.code}\n{self.lock}"
        return f"r{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def identify(settings: Settings) -> Identity:
    """Hash what a build with these settings would read.

    Raises:
        SourceError: the key or the list of forgotten persons cannot be used.
    """
    inputs = fingerprint(settings.source_roots, settings.register_roots)
    persons = _persons(settings)
    return Identity(
        inputs=hashlib.sha256(f"{inputs}\n{persons}".encode()).hexdigest() if persons else inputs,
        code=_hash_files(_code_files()),
        lock=hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest(),
    )


def is_published(settings: Settings) -> bool:
    """Whether the release of exactly what is there now exists already."""
    return (settings.releases / identify(settings).release_id).is_dir()


def _persons(settings: Settings) -> str:
    """What the pseudonyms of a release depend on: the key, as far as there are real answers, and who is left out.

    Empty where neither counts, so that what is bundled has the same release id in every home.
    """
    forgotten = read_forgotten(settings.home).digest
    is_real = any(_is_real_wave(path) for path in find_cards(settings.source_roots))
    key = key_id(read_key(settings.home)) if is_real else ""
    return f"{key}:{forgotten}" if key or forgotten else ""


def _is_real_wave(path: Path) -> bool:
    # Few cards are waves, and reading all of them takes longer than looking for the word.
    if WAVE[1] not in path.read_text(encoding="utf-8", errors="replace"):
        return False
    try:
        card = read_card(path)
    except SourceError:
        return False
    return card.is_wave and not card.is_synthetic


def _code_files() -> list[Path]:
    return sorted(
        path
        for folder in CODE_FOLDERS
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in CODE_SUFFIXES
        and "__pycache__" not in path.parts
        and not path.is_relative_to(BUNDLED_SOURCES)
        and not path.relative_to(PROJECT / folder).as_posix().startswith(("target/", "logs/"))
    )


def _hash_files(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(PROJECT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
