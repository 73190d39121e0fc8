"""Find a person who wants to be forgotten: in the restricted store and in the files that people dropped.

Belongs here: from what somebody typed to pseudonyms, and where these are. Does not belong here: the list
(``forgotten``), the releases (``orchestration.forget_command``). What was typed is compared and let go: it is in no
message and in no file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.disk import READING
from ingest.survey.foreign import read_foreign_wave
from ingest.survey.forgotten import FORGETTABLE, PSEUDONYM, Forgotten, ForgottenRow
from ingest.survey.identity_store import identity_schema
from ingest.survey.pseudonym import (
    KEY_FILE_VARIABLE,
    RESPONDENT_ROLES,
    RESPONSE_ID,
    SYNTHETIC_KEY,
    key_id,
    key_path,
    pseudonym,
    pseudonyms,
    purpose_of,
    read_key,
)
from ingest.survey.wave_facts import IDENTITY_PREFIX, RESPONSES, WaveJob


@dataclass(frozen=True)
class Wave:
    """One wave: its survey, its name, whether it is synthetic (and so has the declared key)."""

    survey: str
    wave: str
    is_synthetic: bool = False

    def __str__(self) -> str:
        """``survey/wave``, as everywhere else."""
        return f"{self.survey}/{self.wave}"


def key_in_use(home: Path, wave: Wave, environment: Mapping[str, str]) -> bytes | None:
    """The key behind a wave's pseudonyms; None if the home has none yet, so that there are no pseudonyms either.

    Raises:
        SourceError: as ``read_key``.
    """
    if wave.is_synthetic:
        return SYNTHETIC_KEY
    is_there = key_path(home).exists() or environment.get(KEY_FILE_VARIABLE)
    return read_key(home, environment) if is_there else None


def candidates(given: str, keys: Mapping[Wave, bytes], day: str) -> dict[str, ForgottenRow]:
    """Every pseudonym that what was typed may stand for, with the line of the list that it would make.

    ``given`` is a pseudonym itself, or an e-mail address, a token, an id of another system or the id of a response;
    ``keys``: each wave with its key; ``day``: YYYY-MM-DD.
    """
    found: dict[str, ForgottenRow] = {}
    for wave, key in keys.items():
        names = {pseudonym(given, key, purpose_of(role, wave.survey, wave.wave)): role for role in FORGETTABLE}
        if PSEUDONYM.fullmatch(given):
            names[given] = "respondent_id"
        for name, role in names.items():
            found.setdefault(name, ForgottenRow(wave.survey, wave.wave, role, name, key_id(key), day))
    return found


def kept_responses(path: Path, wave: Wave, key: bytes, wanted: frozenset[str]) -> dict[str, list[int]]:
    """The responses of a wave's restricted file that belong to one of the pseudonyms: pseudonym to their numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found: dict[str, list[int]] = {}
    if not pq.read_schema(path).equals(identity_schema()):
        return found
    table = pq.read_table(path, columns=["response_no", "role", "value"])
    for role in RESPONDENT_ROLES:
        rows = table.filter(pc.equal(table["role"], role))
        names = pseudonyms(rows["value"], key, purpose_of(role, wave.survey, wave.wave))
        is_wanted = pc.is_in(names, value_set=pa.array(sorted(wanted), pa.string()))
        for name, number in zip(names.filter(is_wanted), rows["response_no"].filter(is_wanted), strict=True):
            found.setdefault(name.as_py(), []).append(number.as_py())
    return found


def further_names(path: Path, wave: Wave, key: bytes, numbers: Collection[int]) -> dict[str, str]:
    """Every pseudonym of the responses with these numbers that belongs to nobody else: pseudonym to its role.

    So somebody stays forgotten when a later export of the wave comes without the address and with the token.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found: dict[str, str] = {}
    if not numbers:
        return found
    table = pq.read_table(path, columns=["response_no", "role", "value"])
    is_theirs = pc.is_in(table["response_no"], value_set=pa.array(sorted(numbers), pa.int64()))
    for role in RESPONDENT_ROLES:
        is_role = pc.equal(table["role"], role)
        theirs, others = (
            set(pseudonyms(rows["value"], key, purpose_of(role, wave.survey, wave.wave)).to_pylist())
            for rows in (table.filter(pc.and_(is_role, mask)) for mask in (is_theirs, pc.invert(is_theirs)))
        )
        found |= dict.fromkeys(sorted(theirs - others - {None}), role)
    return found


def rows_in_export(path: Path, job: WaveJob, wave: Wave, key: bytes, forgotten: Forgotten, raw: Path) -> list[int]:
    """Rows of an export that belong to somebody on the list, as a spreadsheet counts them.

    The file is read in a process of its own, because nobody may ever have looked at it. What is read lies below ``raw``
    meanwhile, where the next build clears up behind a run that was killed.

    Raises:
        SourceError: the file is no export of a known tool, or cannot be read.
    """
    import pyarrow.parquet as pq

    raw.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=READING, dir=raw) as folder:
        read_foreign_wave(path, Path(folder), job)
        responses = pq.read_table(Path(folder) / RESPONSES)
    roles = {role: IDENTITY_PREFIX + role for role in RESPONDENT_ROLES} | {RESPONSE_ID: RESPONSE_ID}
    columns = {role: responses[name] for role, name in roles.items() if name in responses.column_names}
    mask = forgotten.mask(columns, wave.survey, wave.wave, key)
    rows: list[int] = responses["row_number"].filter(mask).to_pylist()
    return rows
