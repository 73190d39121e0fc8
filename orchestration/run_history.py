"""Where Dagster keeps the history of runs: one SQLite file, opened once for each process.

Belongs here: how events reach that file. Does not belong here: what the events say.

Dagster's own SQLite storage opens a new engine and waits for the disk three times for each event, and writes most
events twice; a build has more than a thousand. One open connection in write-ahead mode keeps the file consistent
whatever happens and costs a tenth. History is no part of a release, so the last events before a power cut may be lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage

if TYPE_CHECKING:
    from dagster._core.events.log import EventLogEntry
    from sqlalchemy import Connection, Engine

SECONDS_TO_WAIT_FOR_LOCK = 60


class RunHistory(ConsolidatedSqliteEventLogStorage):
    """Dagster's consolidated SQLite event log over one connection that stays open."""

    # The connection of the transaction that this thread is in; whatever asks within it becomes part of it.
    _open: Connection | None = None

    @cached_property
    def _lock(self) -> RLock:
        return RLock()

    @cached_property
    def _engine(self) -> Engine:
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import StaticPool

        engine = create_engine(
            self._conn_string,
            poolclass=StaticPool,
            connect_args={"timeout": SECONDS_TO_WAIT_FOR_LOCK, "check_same_thread": False},
        )

        @event.listens_for(engine, "connect")
        def set_pragmas(connection: Any, _record: object) -> None:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")

        return engine

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._lock:
            if self._open is not None:
                yield self._open
                return
            with self._engine.connect() as connection, connection.begin():
                self._open = connection
                try:
                    yield connection
                finally:
                    self._open = None

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store many events in one transaction."""
        with self._connect():
            for event in events:
                self.store_event(event)

    def dispose(self) -> None:
        """Let go of the file."""
        self._engine.dispose()
