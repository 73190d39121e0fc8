"""The start of the command `observatory`: what to import for a call, and how an error ends.

Belongs here: exit codes and sentences of errors, the shortest way into a command. Does not belong here: the commands
(``commands``), anything that takes long to import.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

# What the engine makes of Ctrl-C.
INTERRUPTED = "Query interrupted"


def main() -> None:
    """Run the command; an error ends with sentences and exit code 1, with a traceback only on ``--debug``."""
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the process
    if sys.stdout is None:
        sys.stderr.write("There is nowhere to print to: the standard output is closed.\n")
        sys.exit(1)
    for stream in (sys.stdout, sys.stderr):
        # A terminal of another encoding shows what it cannot print by its code, and all the rest.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        _run(sys.argv[1:])
    except BrokenPipeError:
        # Whoever read our lines has gone; what is still held back must not fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        if str(error) == INTERRUPTED:
            sys.exit(130)
        _end(_sentence(error))


def _run(arguments: list[str]) -> None:
    """Answer a plain call of `survey` without the library of all commands, which takes longer than the answer."""
    if arguments[:1] == ["survey"]:
        from orchestration.plain_arguments import plain_arguments
        from orchestration.survey_command import run_survey

        if given := plain_arguments(run_survey, arguments[1:]):
            # So short a life leaves nothing worth collecting, and the system takes memory back faster than the
            # interpreter clears it: a tenth of the time.
            gc.disable()
            code = run_survey(*given[0], **given[1])
            if code:
                sys.exit(code)
            # All is printed and closed.
            sys.stderr.flush()
            os._exit(0)
    from orchestration.commands import app

    app()


def _sentence(error: Exception) -> str:
    from ingest.problem import SourceError
    from orchestration.build_lock import BuildRunning
    from orchestration.screen import stop_sentences

    if isinstance(error, SourceError):
        return stop_sentences(error)
    if isinstance(error, BuildRunning):
        return str(error)
    if isinstance(error, OSError):
        return (
            f"{error.filename or 'A file'} cannot be used: {error.strerror}. Check the folder and its permissions; "
            "OBSERVATORY_HOME names the folder that is written to."
        )
    from orchestration.release.publish import NotRepeatable, ReleaseDamaged

    if isinstance(error, ReleaseDamaged | NotRepeatable):
        return str(error)
    return f"{type(error).__name__}: {error}\nThis was not foreseen. 'observatory --debug ...' shows where it happened."


def _end(sentence: str) -> NoReturn:
    """Say why the command cannot do it and end with exit code 1; the traceback only on ``--debug``."""
    if "--debug" in sys.argv:
        raise  # noqa: PLE0704 - called while the error is handled
    sys.stderr.write(f"{sentence}\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
