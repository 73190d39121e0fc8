"""Being told to end: a build hears Ctrl-C and a request to terminate wherever it is at that moment.

Belongs here: how the two signals reach the main thread of a build. Does not belong here: what ends, and what is said
then (``build_command``).
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

AGAIN_AFTER: Final = 0.05
"""Seconds until an interruption that was lost in a finalizer is sent again: the finalizer has ended by then."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Within it SIGTERM is the same as Ctrl-C, and neither is ever lost.

    A signal is heard between any two instructions, so also inside a finalizer or a weak reference's callback, where
    the interpreter reports an exception as "ignored" and goes on: the build would publish although its user ended
    it. Such an interruption is sent again.

    Raises:
        KeyboardInterrupt: within, when either signal arrives (or what the handler of SIGINT at that moment raises).
    """
    main = threading.main_thread().ident
    hook, handler = sys.unraisablehook, signal.signal(signal.SIGTERM, _as_if_interrupted)
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

    sys.unraisablehook = ignored
    try:
        yield
    finally:
        for timer in waiting:
            timer.cancel()
        sys.unraisablehook = hook
        signal.signal(signal.SIGTERM, handler)


def _as_if_interrupted(_number: int, frame: FrameType | None) -> None:
    """Do what Ctrl-C does at this moment; where it is ignored, as in a job sent to the background, end all the same."""
    handler = signal.getsignal(signal.SIGINT)
    if not callable(handler):
        raise KeyboardInterrupt
    handler(signal.SIGINT, frame)
