"""Being told to end: a build hears Ctrl-C and a request to terminate wherever it is at that moment.

Belongs here: how the two signals reach the main thread of a build. Does not belong here: what ends, and what is said
then (``build_command``).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

AGAIN_AFTER: Final = 0.05
"""Seconds until an interruption that was lost in a finalizer is sent again: the finalizer has ended by then."""
NUMBERS: Final = bytes((signal.SIGINT, signal.SIGTERM))


class _Heard:
    """Whether a signal to end has come, whatever became of the exception it raised.

    ``reading`` is the end of a pipe into which the interpreter writes the number of every signal that it hears.
    """

    def __init__(self, reading: int) -> None:
        self.reading = reading
        self.is_told = False

    def end(self) -> bool:
        """Whether it has come by now."""
        # No byte is a reason to go on as before; the pipe is never closed while anybody may ask.
        with suppress(BlockingIOError):
            self.is_told = self.is_told or any(number in NUMBERS for number in os.read(self.reading, 1 << 16))
        return self.is_told


_NOW: Final[list[_Heard]] = []


@contextmanager
def interruptible() -> Iterator[None]:
    """Within it SIGTERM is the same as Ctrl-C, and neither is ever lost. It is for the main thread.

    A signal is heard between any two instructions, so also where its exception goes no further. Inside a finalizer or
    a weak reference's callback the interpreter reports it as "ignored" and goes on: such an interruption is sent
    again. Inside a library it may be taken for a fault of what that library was reading: ``was_interrupted`` knows
    better. Without either the build would publish although its user ended it, or call a good file wrong.

    Raises:
        KeyboardInterrupt: within, when either signal arrives (or what the handler of SIGINT at that moment raises).
    """
    main = threading.main_thread().ident
    waiting: list[threading.Timer] = []

    def ignored(unraisable: sys.UnraisableHookArgs) -> None:
        # What ends a program is no Exception, by the language's own rule; an orchestrator's interruption follows it.
        if main is None or issubclass(unraisable.exc_type, Exception | SystemExit | GeneratorExit):
            hook(unraisable)
            return
        for timer in waiting:
            timer.cancel()
        # To the main thread itself, so that a wait there ends too; and the one of the two that is never ignored.
        waiting[:] = [threading.Timer(AGAIN_AFTER, signal.pthread_kill, (main, signal.SIGTERM))]
        waiting[0].start()

    hook, handler = sys.unraisablehook, signal.signal(signal.SIGTERM, _as_if_interrupted)
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    woken = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    sys.unraisablehook = ignored
    _NOW.append(_Heard(reading))
    try:
        yield
    finally:
        for timer in waiting:
            timer.cancel()
        _NOW.pop()
        sys.unraisablehook = hook
        signal.signal(signal.SIGTERM, handler)
        signal.set_wakeup_fd(woken)
        os.close(writing)
        os.close(reading)


def was_interrupted() -> bool:
    """Whether one of the two signals has come since ``interruptible`` began."""
    return any(heard.end() for heard in _NOW)


def end_if_interrupted() -> None:
    """Raise ``KeyboardInterrupt`` again where an earlier one was lost: before work that must not be begun then."""
    if was_interrupted():
        raise KeyboardInterrupt


def _as_if_interrupted(_number: int, frame: FrameType | None) -> None:
    """Do what Ctrl-C does at this moment; where it is ignored, as in a job sent to the background, end all the same."""
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):
        raise KeyboardInterrupt
    handler(signal.SIGINT, frame)
