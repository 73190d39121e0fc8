"""A foreign export read in a process of its own, and its answer held against what a reader writes.

Belongs here: the files that come back. Does not belong here: the process (``tables.child``), the reading (``wave``).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.message import problem
from ingest.problem import Place, SourceError
from ingest.survey.wave_facts import FACTS, IDENTITIES, RESPONSES, WIDE, WaveFacts, WaveJob, read_facts, wide_file
from ingest.tables.child import MOST_FACTS_BYTES, NOT_AS_WRITTEN, is_plain_file, run_foreign

if TYPE_CHECKING:
    import pyarrow as pa

CODEBOOK = "codebook.xlsx"


def read_foreign_wave(path: Path, folder: Path, job: WaveJob) -> WaveFacts:
    """As ``wave.read_wave``, in a child process under limits, which reads the codebook too.

    Raises:
        SourceError: the export or the codebook is refused, or the reader was stopped or broke.
        OSError: the disk is full; nothing is wrong with the file.
    """
    work = Path(tempfile.mkdtemp(prefix="reading-", dir=folder))
    if job.codebook:
        # The child may read the export and its own folder only.
        name = f"codebook{Path(job.codebook).suffix.lower()}"
        shutil.copyfile(job.codebook, work / name)
        job = replace(job, codebook=str(work.resolve() / name))
    run_foreign(path, work, "survey", asdict(job))
    facts = _checked(path, work)
    for file in (RESPONSES, WIDE, IDENTITIES, *(wide_file(facts.tables, code) for code in facts.tables if code)):
        if (work / file).exists():
            (work / file).replace(folder / file)
    shutil.rmtree(work, ignore_errors=True)
    return facts


def _checked(path: Path, work: Path) -> WaveFacts:
    """What came back, if it is what a reader writes: the process may have been made to write anything."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    needed = [FACTS, RESPONSES, WIDE]
    if not all(is_plain_file(work / name) for name in needed):
        raise _broken(path, "no answer")
    if (work / FACTS).stat().st_size > MOST_FACTS_BYTES:
        raise _broken(path, f"{(work / FACTS).stat().st_size} bytes of facts")
    try:
        facts = read_facts(work)
        for code in facts.tables:
            name = wide_file(facts.tables, code)
            if not is_plain_file(work / name):
                raise _broken(path, "a table that is not there")
            schema = pq.read_schema(work / name)
            described = [column for column in facts.columns if column["table"] == code]
            _check_columns(path, schema, {str(column["wide_column"]) for column in described})
        if pq.read_metadata(work / WIDE).num_rows != pq.read_metadata(work / RESPONSES).num_rows:
            raise _broken(path, "answers and responses do not agree")
    except (*NOT_AS_WRITTEN, OSError, pa.ArrowException) as error:
        raise _broken(path, f"unreadable answer ({error})") from error
    if (work / IDENTITIES).exists() and not is_plain_file(work / IDENTITIES):
        raise _broken(path, "identities that are no file")
    return facts


def _check_columns(path: Path, schema: pa.Schema, described: Iterable[str]) -> None:
    if missing := sorted(set(described) - set(schema.names)):
        raise _broken(path, f"columns that are not there: {', '.join(missing[:3])}")


def _broken(path: Path, reason: str) -> SourceError:
    return SourceError([problem("parser_crashed", Place(path.name), reason=reason)])
