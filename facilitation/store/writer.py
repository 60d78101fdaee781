"""The one writer: a native thread that commits many commands at once and answers after the flush.

Commands queue while a commit is under way, and the next commit takes all of them (group commit). Each runs inside its own
savepoint, so that one which is refused or crashes undoes itself and nobody else. What is typed waits in great numbers and is
all of a kind: it is kept together, in as many statements as one of it takes. A transaction never yields: the thread is
a native one even under gevent, and waiters are woken through their own hub.
"""

import logging
from collections.abc import Callable, Hashable
from typing import Any

import gevent
from gevent.event import Event
from gevent.monkey import get_original
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from facilitation.domain.refusals import Code, Refusal
from facilitation.store.engine import is_around, what_failed, writers, writing

Work = Callable[[Connection], Any]
# Keeps several of one kind; a result for each, in their order.
Many = Callable[[Connection, list[Any]], list[Any]]
MOST_AT_ONCE = 256
# What a commit is said to have failed of where its database did not say.
UNKNOWN = "database"
LOG = logging.getLogger("facilitation")


class _Pending:
    """One piece of work and the greenlet that waits for it."""

    def __init__(self, work: Work, kind: Hashable = None, many: Many | None = None, one: Any = None) -> None:
        self.work = work
        self.kind, self.many, self.one = kind, many, one
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
        self._engine = writers(engine)
        self._committed = committed
        self._wrote = wrote
        self._queue: Any = get_original("queue", "SimpleQueue")()
        # Those who wait for their answer now.
        self.under_way = 0
        self._running = get_original("_thread", "allocate_lock")()
        self._running.acquire()
        get_original("_thread", "start_new_thread")(self._serve, ())

    @property
    def waiting(self) -> int:
        """How much waits for the next commit."""
        return int(self._queue.qsize())

    def submit(self, work: Work) -> Any:
        """Run `work(connection)` in the next commit and return its result. Raises what it raised, or NOT_KEPT."""
        return self._wait(_Pending(work))

    def submit_with(self, kind: Hashable, many: Many, one: Any) -> Any:
        """The same of `many(connection, [one])[0]`, together with all else that waits under this kind.

        Where they cannot be kept together, each is kept by itself.
        """
        return self._wait(_Pending(lambda connection: many(connection, [one])[0], kind, many, one))

    def _wait(self, pending: _Pending) -> Any:
        self.under_way += 1
        try:
            self._queue.put(pending)
            return pending.wait()
        finally:
            self.under_way -= 1

    def close(self) -> None:
        """Finish what is queued, then stop."""
        self._queue.put(None)
        self._running.acquire()
        self._engine.dispose()

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
                _run_all(connection, batch)
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


def _run_all(connection: Connection, batch: list[_Pending]) -> None:
    for alike in _by_kind(batch):
        if len(alike) == 1 or not _run_together(connection, alike):
            for pending in alike:
                _run(connection, pending)


def _by_kind(batch: list[_Pending]) -> list[list[_Pending]]:
    """The batch in its order; those of a kind come with the first of them."""
    found: dict[Hashable, list[_Pending]] = {}
    for pending in batch:
        found.setdefault(id(pending) if pending.kind is None else (pending.kind,), []).append(pending)
    return list(found.values())


def _run_together(connection: Connection, alike: list[_Pending]) -> bool:
    """Whether they could be kept in one go; where not, nothing of it remains."""
    many = alike[0].many
    assert many is not None
    connection.exec_driver_sql("SAVEPOINT work")
    results: list[Any] = []
    try:
        results = many(connection, [pending.one for pending in alike])
    except BaseException as error:
        if is_around(error):
            raise
        # Whose fault it is comes out when each is tried alone.
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
    connection.exec_driver_sql("RELEASE SAVEPOINT work")
    for pending, result in zip(alike, results, strict=False):
        pending.result = result
    return bool(results)


def _run(connection: Connection, pending: _Pending) -> None:
    # Said in so many words: SQLAlchemy's own names and compiles each anew, a fifth of what a key typed costs.
    connection.exec_driver_sql("SAVEPOINT work")
    try:
        pending.result = pending.work(connection)
    except BaseException as error:
        if is_around(error):
            # SQLite may have undone the whole transaction by itself, savepoints and all; and who waited once for a row that
            # another process holds must not wait again for each command behind: the batch fails as one.
            raise
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
        pending.error = error
    connection.exec_driver_sql("RELEASE SAVEPOINT work")


def _not_kept(cause: BaseException) -> Refusal:
    refusal = Refusal(Code.NOT_KEPT)
    refusal.__cause__ = cause
    return refusal
