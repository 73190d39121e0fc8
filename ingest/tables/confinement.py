"""The process that parses one foreign file: its limits, what it may not do, and the answer that it leaves.

Belongs here: what runs inside the child. Does not belong here: starting it and judging how it ended (``child``). The
hook sees what Python code asks of the system; compiled parsers are bound by the limits alone, and none of those used
here opens anything but the file it is given.
"""

from __future__ import annotations

import contextlib
import errno
import json
import mimetypes
import os
import resource
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.tables.limits import Limits

ANSWER_FILE = "answer.json"
LINT_FILE = "lint.json"
# How the child ends beside 0, for ends that it could still tell.
EXIT_MEMORY, EXIT_OUTPUT, EXIT_DISK = 70, 71, 72
ENDS = {errno.EFBIG: EXIT_OUTPUT, errno.ENOSPC: EXIT_DISK, errno.EDQUOT: EXIT_DISK}
OPEN_FILES = 256
# Beyond the processor time the system first asks, then kills.
GRACE_SECONDS = 2
REASON_CHARACTERS = 300
FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile",
    "os.kill", "pty.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "sqlite3.", "pickle.", "code.",
    "ctypes.cdata", "ctypes.addressof", "resource.",
)  # fmt: skip
CHANGING = (
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate",
    "os.utime", "os.chflags", "os.setxattr",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
READABLE = ("/dev/null", "/dev/urandom", "/etc/localtime", "/usr/share/zoneinfo", "/usr/lib/locale", "/proc/self")


# What a reader raises that was not made for such a file.
BROKEN = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError, RuntimeError)


class Forbidden(PermissionError):
    """Something that no reader of a table needs was asked for."""


def main(project: Path) -> None:
    """Read the job from standard input, read the table, leave the answer in the work folder and end."""
    job = json.loads(sys.stdin.buffer.read())
    set_limits(job["limits"])
    path, folder = Path(job["path"]), Path(job["folder"])
    # openpyxl asks for the types of files; without this the list would be looked for all over the system.
    mimetypes.init([])
    sys.addaudithook(guard(path, folder, project))
    try:
        answer = _answer(job, path, folder)
        (folder / ANSWER_FILE).write_text(json.dumps(answer), encoding="utf-8")
    except OSError as error:
        os._exit(ENDS.get(error.errno or 0, EXIT_DISK))
    # The libraries have nothing left to do that would be worth waiting for.
    os._exit(0)


def _answer(job: Mapping[str, Any], path: Path, folder: Path) -> dict[str, Any]:
    from ingest.problem import SourceError
    from ingest.tables.limits import Limits
    from ingest.tables.printed import Hints

    told: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in job["hints"].items()
    }
    try:
        if job.get("task") == "lint":
            _lint(path, folder, Limits(**job["limits"]))
        elif job.get("task") == "survey":
            from ingest.survey.wave import read_wave
            from ingest.survey.wave_facts import WaveJob

            read_wave(path, folder, WaveJob(**job["told"]))
        else:
            from ingest.tables.reader import read_table

            read_table(path, Hints(**told), folder, Limits(**job["limits"]))
    except SourceError as error:
        return {"problems": [problem.to_plain() for problem in error.problems]}
    except Forbidden as error:
        return {"forbidden": str(error)[:REASON_CHARACTERS]}
    except MemoryError:
        os._exit(EXIT_MEMORY)
    except OSError as error:
        if error.errno in ENDS:
            raise
        return {"crashed": f"{type(error).__name__}: {error}"[:REASON_CHARACTERS]}
    except BROKEN as error:
        return {"crashed": _without_cells(error)}
    return {"problems": []}


def _without_cells(error: Exception) -> str:
    """What broke, and where in this project: the text of an error may quote somebody's answers."""
    project = Path(__file__).resolve().parents[1]
    files = [(Path(frame.f_code.co_filename), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    places = [f" at {file.name}:{line}" for file, line in files if file.is_relative_to(project)]
    return f"{type(error).__name__}{''.join(places[-1:])}"


def _lint(path: Path, folder: Path, limits: Limits) -> None:
    from ingest.lint.lint import lint_file

    breaches = [vars(breach) for breach in lint_file(path, limits)]
    (folder / LINT_FILE).write_text(json.dumps(breaches), encoding="utf-8")


def set_limits(limits: Mapping[str, float]) -> None:
    """Bind this process; a limit that the system does not know (memory on macOS) is left to the wall clock."""
    seconds = max(1, int(limits["processor_seconds"]))
    wanted = {
        "RLIMIT_AS": (int(limits["memory_bytes"]),) * 2,
        "RLIMIT_CPU": (seconds, seconds + GRACE_SECONDS),
        "RLIMIT_FSIZE": (int(limits["unpacked_bytes"]),) * 2,
        "RLIMIT_NOFILE": (OPEN_FILES,) * 2,
        "RLIMIT_CORE": (0, 0),
    }
    for name, (soft, hard) in wanted.items():
        with contextlib.suppress(ValueError, OSError, AttributeError):
            number = getattr(resource, name)
            most = resource.getrlimit(number)[1]
            if most != resource.RLIM_INFINITY:
                soft, hard = min(soft, most), min(hard, most)  # noqa: PLW2901 - the system allows no more
            resource.setrlimit(number, (soft, hard))


def guard(path: Path, folder: Path, project: Path) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook: reads the file, the work folder and Python's own, writes to the work folder, nothing else."""
    work = os.path.realpath(folder)
    file = os.path.abspath(path)  # noqa: PTH100 - a link must stay a link here
    # Of the project only the code and its tables: an inbox may stand in the same folder.
    own = {sys.prefix, sys.base_prefix, str(project / "ingest"), *sys.path} - {"", str(project)}
    roots = (*(os.path.realpath(each) for each in own), *READABLE)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(arguments, work, file, roots)
        elif event.startswith(FORBIDDEN):
            raise Forbidden(f"{event} {arguments[:1]}")
        elif event in CHANGING:
            for each in arguments[:2]:
                if isinstance(each, str | bytes | os.PathLike) and not _is_below(each, (work,)):
                    raise Forbidden(f"{event} {os.fspath(each)!r}")

    return hook


def _check_open(arguments: tuple[Any, ...], work: str, file: str, roots: tuple[str, ...]) -> None:
    name, mode, flags = (*arguments, None, None)[:3]
    if not isinstance(name, str | bytes | os.PathLike):
        return
    is_written = bool((flags or 0) & WRITING) or any(sign in str(mode or "r") for sign in "wax+")
    if is_written and not _is_below(name, (work, "/dev/null")):
        raise Forbidden(f"write {os.fspath(name)!r}")
    # The file may have become a link since it was looked at.
    if os.path.abspath(os.fsdecode(name)) == file and os.path.islink(file):  # noqa: PTH100, PTH114 - as above
        raise Forbidden(f"read through a link {os.fspath(name)!r}")
    is_ours = os.path.abspath(os.fsdecode(name)) == file or _is_below(name, (work, *roots))  # noqa: PTH100 - as above
    if not is_written and not is_ours:
        raise Forbidden(f"read {os.fspath(name)!r}")


def _is_below(name: str | bytes | os.PathLike[str], folders: tuple[str, ...]) -> bool:
    real = os.path.realpath(os.fsdecode(name))
    return any(real == folder or real.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)
