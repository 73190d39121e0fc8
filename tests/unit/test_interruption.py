"""An interruption that arrives where the interpreter ignores exceptions still ends a build."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orchestration.build_command import interrupted_sentence
from orchestration.interruption import AGAIN_AFTER, interruptible, was_interrupted
from orchestration.progress import stage


@pytest.fixture(autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """As at a terminal: a test-suite that was sent to the background is started with Ctrl-C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Thing:
    """Something that can be referred to weakly."""


class Deaf:
    """Its finalizer takes a while, and whatever is raised in it is ignored."""

    def __init__(self, number: signal.Signals | None, heard: list[str]) -> None:
        self.number, self.heard = number, heard

    def __del__(self) -> None:
        self.heard.append("finalizer")
        if self.number is not None:
            signal.raise_signal(self.number)
        time.sleep(4 * AGAIN_AFTER)
        self.heard.append("to its end")


@interruptible()
def interrupted(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    time.sleep(5)


@interruptible()
def interrupted_in_a_callback(number: signal.Signals) -> None:
    thing = Thing()
    kept = weakref.ref(thing, lambda _: signal.raise_signal(number))
    del thing
    gc.collect()
    assert kept() is None, "the callback did not swallow the signal"
    time.sleep(5)


@interruptible()
def interrupted_in_finalizers(number: signal.Signals, heard: list[str]) -> None:
    Deaf(number, heard)
    Deaf(None, heard)
    heard.append("both lost")
    time.sleep(5)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("work", [interrupted, interrupted_in_a_callback])
def test_ends_the_work(work: Callable[[signal.Signals], None], number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        work(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_lost_when_it_arrives_and_when_it_is_sent_again_ends_the_work_too(number: signal.Signals) -> None:
    heard: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted_in_finalizers(number, heard)
    assert heard == ["finalizer", "finalizer", "both lost"]


@pytest.mark.parametrize("work", [interrupted, interrupted_in_a_callback])
def test_termination_ends_work_that_ignores_ctrl_c(work: Callable[[signal.Signals], None]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with pytest.raises(KeyboardInterrupt):
        work(signal.SIGTERM)


@interruptible()
def interrupted_where_everything_is_caught(number: signal.Signals, heard: list[str]) -> None:
    heard.append(f"before: {was_interrupted()}")
    try:
        os.kill(os.getpid(), number)
        time.sleep(5)
    except BaseException:
        heard.append(f"after: {was_interrupted()}")
    with stage("release", "publishing"):
        heard.append("published")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_caught_by_a_library_ends_the_work_before_the_next_stage(number: signal.Signals) -> None:
    heard: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted_where_everything_is_caught(number, heard)
    assert heard == ["before: False", "after: True"]
    assert not was_interrupted()


@interruptible()
def alarmed() -> bool:
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)
    return was_interrupted()


def test_another_signal_is_no_interruption() -> None:
    assert not alarmed()


def test_lost_just_before_the_end_interrupts_nothing_after_it() -> None:
    heard: list[str] = []
    with interruptible():
        Deaf(signal.SIGINT, heard)
    time.sleep(4 * AGAIN_AFTER)
    assert heard == ["finalizer"]


def test_what_else_nobody_can_catch_is_told_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    before, sys.unraisablehook = sys.unraisablehook, lambda unraisable: told.append(str(unraisable.exc_value))

    class Wrong:
        def __del__(self) -> None:
            raise ValueError("a fault of a finalizer")

    try:
        with interruptible():
            Wrong()
    finally:
        sys.unraisablehook = before
    assert told == ["a fault of a finalizer"]
    assert capsys.readouterr().err == ""


def test_leaves_the_handlers_as_they_were() -> None:
    def handlers() -> tuple[object, ...]:
        woken = signal.set_wakeup_fd(-1)
        signal.set_wakeup_fd(woken)
        return sys.unraisablehook, signal.getsignal(signal.SIGTERM), woken

    before = handlers()
    with interruptible():
        assert all(now != then for now, then in zip(handlers(), before, strict=True))
    assert handlers() == before


@pytest.mark.parametrize(
    ("last", "latest", "told"),
    [
        (None, None, "Nothing was published"),
        (Path("a"), Path("a"), "Nothing was published"),
        (Path("a"), Path("b"), "after release b was published"),
        (None, Path("b"), "after release b was published"),
    ],
)
def test_says_whether_a_release_was_published_before_the_interruption(
    last: Path | None, latest: Path | None, told: str
) -> None:
    assert told in interrupted_sentence(last, latest)
