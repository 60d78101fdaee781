"""The one writer: a native thread that commits many commands at once and answers after the flush.

Commands queue while a commit is under way, and the next commit takes all of them (group commit). Each runs inside its own
savepoint, so that one which is refused or crashes undoes itself and nobody else. A transaction never yields: the thread is
a native one even under gevent, and waiters are woken through their own hub.
"""

import logging
from collections.abc import Callable
from typing import Any

import gevent
from gevent.event import Event
from gevent.monkey import get_original
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from facilitation.domain.refusals import Code, Refusal
from facilitation.store.engine import is_around, what_failed, writing

Work = Callable[[Connection], Any]
MOST_AT_ONCE = 256
# What a commit is said to have failed of where its database did not say.
UNKNOWN = "database"
LOG = logging.getLogger("facilitation")


class _Pending:
    """One piece of work and the greenlet that waits for it."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.result: Any = None
        self.error: BaseException | None = None
        self._ready = Event()
        # Listening before it is queued: a wake-up sent to a watcher that has not started is lost.
        self._wake = gevent.get_hub().loop.async_()
        self._wake.start(self._ready.set)

    def wait(self) -> Any:
        try:
            self._ready.wait()
        finally:
            self._wake.close()
        if self.error is not None:
            raise self.error
        return self.result

    def settle(self) -> None:
        """Called by the writer's thread, which may only touch the watcher."""
        self._wake.send()


class Writer:
    """Takes work from any greenlet or thread; `submit` returns once it is on disk.

    `committed` hears each result after its commit, in the writer's thread, before anybody is answered; `wrote` hears of each
    batch None, or the name of what made its commit fail.
    """

    def __init__(
        self, engine: Engine, committed: Callable[[Any], None] = lambda _: None,
        wrote: Callable[[str | None], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._committed = committed
        self._wrote = wrote
        self._queue: Any = get_original("queue", "SimpleQueue")()
        self._running = get_original("_thread", "allocate_lock")()
        self._running.acquire()
        get_original("_thread", "start_new_thread")(self._serve, ())

    @property
    def waiting(self) -> int:
        """How much waits for the next commit."""
        return int(self._queue.qsize())

    def submit(self, work: Work) -> Any:
        """Run `work(connection)` in the next commit and return its result. Raises what it raised, or NOT_KEPT."""
        pending = _Pending(work)
        self._queue.put(pending)
        return pending.wait()

    def close(self) -> None:
        """Finish what is queued, then stop."""
        self._queue.put(None)
        self._running.acquire()

    def _serve(self) -> None:
        stopping = False
        while not stopping:
            batch = [self._queue.get()]
            while not self._queue.empty() and len(batch) < MOST_AT_ONCE:
                batch.append(self._queue.get())
            stopping = None in batch
            self._commit([pending for pending in batch if pending is not None])
        self._running.release()

    def _commit(self, batch: list[_Pending]) -> None:
        if not batch:
            return
        try:
            with writing(self._engine) as connection, connection.begin():
                for pending in batch:
                    _run(connection, pending)
        except SQLAlchemyError as error:
            self._lost(batch, error, what_failed(error))
        except BaseException as error:
            # Whatever it is: a thread that ends here would leave everybody waiting, and nobody would be told.
            LOG.exception("unexpected error while committing")
            self._lost(batch, error, UNKNOWN)
        else:
            self._heard(self._wrote, None)
        for pending in batch:
            if pending.error is None:
                self._heard(self._committed, pending.result)
        for pending in batch:
            self._heard(_Pending.settle, pending)

    def _lost(self, batch: list[_Pending], cause: BaseException, failure: str) -> None:
        self._heard(self._wrote, failure)
        for pending in batch:
            pending.error = _not_kept(cause)

    def _heard(self, listener: Callable[[Any], None], what: Any) -> None:
        """Tell somebody; what fails there is theirs, and the next batch is committed all the same."""
        try:
            listener(what)
        except Exception:
            LOG.exception("unexpected error after a commit")


def _run(connection: Connection, pending: _Pending) -> None:
    # Said in so many words: SQLAlchemy's own names and compiles each anew, a fifth of what a key typed costs.
    connection.exec_driver_sql("SAVEPOINT work")
    try:
        pending.result = pending.work(connection)
    except BaseException as error:
        if is_around(error):
            # SQLite may have undone the whole transaction by itself, savepoints and all: the batch fails as one.
            raise
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
        pending.error = error
    connection.exec_driver_sql("RELEASE SAVEPOINT work")


def _not_kept(cause: BaseException) -> Refusal:
    refusal = Refusal(Code.NOT_KEPT)
    refusal.__cause__ = cause
    return refusal
