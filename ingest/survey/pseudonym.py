"""Keyed pseudonyms in the place of identities, and the key that is made once for each home.

Belongs here: the key and its use. Does not belong here: which columns are identities (``export``), where the identities
themselves are kept (``identity_store``), and who is to be forgotten (``forgotten``).

HMAC (RFC 2104) with SHA-256, cut to 64 bits: among ten million persons two share a pseudonym with a chance of 3 in a
million (birthday bound n^2 / 2^65). Without the key nobody can find a pseudonym by trying addresses.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.disk import flush
from ingest.message import problem
from ingest.problem import SourceError

if TYPE_CHECKING:
    import pyarrow as pa

KEY_FILE_VARIABLE = "OBSERVATORY_PSEUDONYM_KEY_FILE"
KEY_BYTES = 32
DIGITS = 16
# Synthetic persons need no secret, and what is bundled must be the same in every home.
SYNTHETIC_KEY = hashlib.sha256(b"cluster observatory: key of the synthetic surveys").digest()
E_MAIL = "email"
# Roles that tell one person from another, the one that holds longest first. Neither a name nor a device does.
RESPONDENT_ROLES = (E_MAIL, "external_id", "token")
RESPONSE_ID = "response_id"


def key_path(home: Path) -> Path:
    """Where the key of a home is kept: outside of raw and of every release."""
    return home / "restricted" / "pseudonym.key"


def read_key(home: Path, environment: Mapping[str, str] = os.environ) -> bytes:
    """The key of a home, made at the first call; OBSERVATORY_PSEUDONYM_KEY_FILE names another file to take.

    Raises:
        SourceError: STOP; the file named is not there, or does not hold a key. It is never replaced, because then every
            pseudonym would change and nobody who was forgotten would be known.
    """
    named = environment.get(KEY_FILE_VARIABLE)
    path = Path(named) if named else key_path(home)
    if not named and not path.exists():
        _make(path)
    if not path.is_file():
        raise SourceError([problem("survey_key_missing", KEY_FILE_VARIABLE, path=path)])
    if not named and path.stat().st_mode & 0o077:
        # Copied back from a backup, perhaps.
        path.chmod(0o600)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise SourceError([problem("survey_key_damaged", str(path), size=len(key), expected=KEY_BYTES)])
    return key


def key_of(home: Path, *, is_synthetic: bool) -> bytes:
    """The key for a survey: the home's own, or the declared one of synthetic surveys."""
    return SYNTHETIC_KEY if is_synthetic else read_key(home)


def key_id(key: bytes) -> str:
    """What tells one key from another without telling the key."""
    return _digest(key, "key id", "")


def pseudonym(value: str, key: bytes, purpose: str) -> str:
    """The pseudonym of one value: 16 hexadecimal digits. ``purpose`` keeps equal texts of different roles apart."""
    value = value.strip()
    return _digest(key, purpose, unicodedata.normalize("NFKC", value).casefold() if purpose == E_MAIL else value)


def pseudonyms(values: pa.Array, key: bytes, purpose: str) -> pa.Array:
    """A pseudonym for each value (string or dictionary of it, plain or chunked); null where it is null or blank.

    Blanks around a value do not count, and neither do case and width of an e-mail address (purpose ``email``).
    """
    import pyarrow as pa

    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    distinct = [
        pseudonym(text, key, purpose) if text and text.strip() else None for text in encoded.dictionary.to_pylist()
    ]
    return pa.array(distinct, pa.string()).take(encoded.indices)


def purpose_of(role: str, survey: str, wave: str) -> str:
    """What keeps equal texts apart: an address is one person everywhere, a token within its survey only.

    The number of a response counts within its wave.
    """
    if role == E_MAIL:
        return role
    return f"{role}:{survey}/{wave}" if role == RESPONSE_ID else f"{role}:{survey}"


def respondent_ids(columns: Mapping[str, pa.Array], survey: str, wave: str, key: bytes) -> pa.Array | None:
    """The pseudonym of who answered, by the first of ``RESPONDENT_ROLES`` that a row has; null where it has none.

    ``columns``: role to its values, all of the same length. None if the export has none of these roles.
    """
    import pyarrow.compute as pc

    found = [
        pseudonyms(columns[role], key, purpose_of(role, survey, wave)) for role in RESPONDENT_ROLES if role in columns
    ]
    return pc.coalesce(*found) if found else None


def _digest(key: bytes, purpose: str, value: str) -> str:
    return hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256").hex()[:DIGITS]


def _make(path: Path) -> None:
    """Write a new key under a name of its own and link it to its place, which only the first of two can do."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    number = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(partial, path)
        except FileExistsError:
            return
        flush(path.parent)
    finally:
        partial.unlink()
