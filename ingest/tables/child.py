"""A foreign file read in a process of its own, so that nothing in it can harm this one.

Belongs here: starting that process without a shell, waiting, and saying how it ended. Does not belong here: what runs
inside (``confinement``) and the reading (``reader``).
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.message import problem
from ingest.problem import Place, Problem, SourceError
from ingest.tables.confinement import ANSWER_FILE, EXIT_DISK, EXIT_MEMORY, EXIT_OUTPUT, LINT_FILE
from ingest.tables.file_kind import ENDINGS
from ingest.tables.limits import LIMITS, Limits
from ingest.tables.printed import FACTS_FILE, ROWS_FILE, Facts, Hints, Printed, read_printed, rows_schema

ENTRY = Path(__file__).with_name("__main__.py")
# Isolated: no folder of the user and no PYTHON... variable; text is UTF-8 in any locale.
PYTHON_OPTIONS = ("-I", "-B", "-X", "utf8")
MOST_FACTS_BYTES = 100_000_000
MOST_ANSWER_BYTES = 10_000_000
LOG_BYTES = 4_000
# What JSON of another shape raises on its way to an object.
NOT_AS_WRITTEN = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
# What a compiled library prints before it gives up for want of memory.
MEMORY_WORDS = ("memory allocation", "bad_alloc", "out of memory", "cannot allocate", "failed to map segment")


def read_foreign(path: Path, hints: Hints, folder: Path, limits: Limits = LIMITS) -> Printed:
    """As ``reader.read_table``, in a child process under ``limits``; the table is kept in ``folder``.

    Raises:
        SourceError: the file is refused, or its reader was stopped or broke.
        OSError: the disk is full; nothing is wrong with the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="reading-", dir=folder))
    try:
        code, said = _run(path, hints, work, limits)
        if found := _ended(path, code, said, work, limits):
            raise SourceError(found)
        _check_output(path, work)
        for name in (ROWS_FILE, FACTS_FILE):
            os.replace(work / name, folder / name)
        return read_printed(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def lint_foreign(path: Path, limits: Limits = LIMITS) -> list[dict[str, Any]]:
    """The breaches that ``ingest.lint`` finds in a file, found in a child process under ``limits``, as plain objects.

    Raises:
        SourceError: as ``read_foreign``.
    """
    with tempfile.TemporaryDirectory(prefix="lint-") as folder:
        work = Path(folder)
        run_foreign(path, work, "lint", {}, limits)
        answer = work / LINT_FILE
        if answer.stat().st_size > MOST_ANSWER_BYTES:
            raise SourceError([problem("parser_output", Place(path.name), limit=MOST_ANSWER_BYTES)])
        breaches: list[dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))
        return breaches


def run_foreign(path: Path, work: Path, task: str, told: Mapping[str, Any], limits: Limits = LIMITS) -> None:
    """Run another task of the child on a file: what it is ``told`` reaches it as JSON, what it leaves is
    in ``work``.

    Raises:
        SourceError, OSError: as ``read_foreign``.
    """
    code, said = _run(path, Hints(), work, limits, task=task, told=told)
    if found := _ended(path, code, said, work, limits):
        raise SourceError(found)


def _run(
    path: Path, hints: Hints, work: Path, limits: Limits, task: str = "table", told: Mapping[str, Any] | None = None
) -> tuple[int | None, str]:
    """Exit code (None: it took too long) and the end of what the child printed."""
    # Names are data: they travel on standard input, never on the command line.
    job = {"path": os.path.abspath(path), "folder": str(work.resolve()), "hints": asdict(hints)}  # noqa: PTH100 - a link stays one
    text = json.dumps({**job, "limits": asdict(limits), "task": task, "told": told})
    environment = {"PATH": "", "LANG": "C.UTF-8", "TMPDIR": str(work), "OPENBLAS_NUM_THREADS": "1"}
    environment |= {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "TZ") if name in os.environ}
    with tempfile.TemporaryFile(dir=work) as order, tempfile.TemporaryFile(dir=work) as log:
        order.write(text.encode("ascii"))
        order.seek(0)
        child = subprocess.Popen(
            [sys.executable, *PYTHON_OPTIONS, str(ENTRY)], stdin=order, stdout=subprocess.DEVNULL, stderr=log,
            cwd=work, env=environment, close_fds=True, start_new_session=True,
        )  # fmt: skip
        code: int | None = None
        try:
            code = child.wait(timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            # Too long, or this process itself is being stopped: the whole session goes.
            if code is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        log.seek(max(0, log.seek(0, os.SEEK_END) - LOG_BYTES))
        return code, log.read().decode("utf-8", errors="replace")


def _ended(path: Path, code: int | None, said: str, work: Path, limits: Limits) -> list[Problem]:
    """What is to be told of this end; nothing if the table is there."""
    where = Place(path.name)
    if code is None:
        return [problem("parser_time", where, limit=limits.wall_seconds)]
    if code == -signal.SIGXCPU:
        return [problem("parser_time", where, limit=limits.processor_seconds)]
    # The system kills without a word when the machine itself is out of memory.
    if code in {EXIT_MEMORY, -signal.SIGKILL} or (code and any(words in said.lower() for words in MEMORY_WORDS)):
        return [problem("parser_memory", where, limit=limits.memory_bytes)]
    if code in {EXIT_OUTPUT, -signal.SIGXFSZ}:
        return [problem("parser_output", where, limit=limits.unpacked_bytes)]
    if code == EXIT_DISK:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(work))
    if code < 0:
        return [problem("parser_crashed", where, reason=signal.Signals(-code).name)]
    if code:
        raise RuntimeError(f"the reader process cannot run: {said.strip() or code}")
    return _answered(where, work)


def _answered(where: Place, work: Path) -> list[Problem]:
    file = work / ANSWER_FILE
    if not is_plain_file(file):
        return [problem("parser_crashed", where, reason="no answer")]
    if file.stat().st_size > MOST_ANSWER_BYTES:
        return [problem("parser_crashed", where, reason=f"{file.stat().st_size} bytes of problems")]
    try:
        answer: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if "crashed" in answer:
            return [problem("parser_crashed", where, reason=answer["crashed"])]
        if "forbidden" in answer:
            return [problem("parser_forbidden", where, event=answer["forbidden"])]
        return [Problem.from_plain(each) for each in answer["problems"]]
    except NOT_AS_WRITTEN as error:
        return [problem("parser_crashed", where, reason=f"unreadable answer ({type(error).__name__})")]


def is_plain_file(file: Path) -> bool:
    """Whether it is there and neither a link nor a pipe, which would lead elsewhere or be waited for without end."""
    return file.exists() and stat.S_ISREG(file.lstat().st_mode)


def _is_typed(facts: Facts) -> bool:
    """Whether the facts hold what their types say: the rest of the project believes them."""
    numbers = [*facts.columns, *facts.header_rows, facts.n_rows]
    numbers += [number for mark in facts.marks for number in (mark.row, mark.column)] + [
        note.row for note in facts.notes
    ]
    texts = [*facts.header, facts.file_kind, facts.sheet, facts.encoding, facts.delimiter]
    texts += [text for mark in facts.marks for text in (mark.kind, mark.text)]
    texts += [text for note in facts.notes for text in (note.kind, note.text)]
    return all(type(each) is int and each >= 0 for each in numbers) and all(type(each) is str for each in texts)


def _check_output(path: Path, work: Path) -> None:
    """What comes back must be what a reader writes: another process may have been made to write anything."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    where = Place(path.name)
    if not all(is_plain_file(work / name) for name in (FACTS_FILE, ROWS_FILE)):
        raise SourceError([problem("parser_crashed", where, reason="no answer")])
    if (work / FACTS_FILE).stat().st_size > MOST_FACTS_BYTES:
        raise SourceError([problem("parser_output", where, limit=MOST_FACTS_BYTES)])
    try:
        facts = read_printed(work).facts
        with pq.ParquetFile(work / ROWS_FILE) as rows:
            is_right = rows.schema_arrow.equals(rows_schema(len(facts.header))) and (
                rows.metadata.num_rows == facts.n_rows and len(facts.columns) == len(facts.header)
            )
    except (*NOT_AS_WRITTEN, OSError, pa.ArrowException) as error:
        raise SourceError([problem("parser_crashed", where, reason=f"unreadable answer ({error})")]) from error
    if not is_right or not _is_typed(facts) or facts.file_kind not in ENDINGS:
        raise SourceError([problem("parser_crashed", where, reason="rows and facts do not agree")])
