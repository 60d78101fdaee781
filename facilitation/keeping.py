"""What a server does by itself: backups, deleting what has lived long enough, noticing troubles and that they are over."""

import json
import logging
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from errno import EMFILE, ENFILE
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import gevent

from facilitation.app import Application
from facilitation.domain.refusals import Refusal
from facilitation.services.aside import aside
from facilitation.services.health import Trouble
from facilitation.services.house import House
from facilitation.store import purging, sealing
from facilitation.store.alone import alone
from facilitation.store.backups import Damaged, folder_of, oldest, roll
from facilitation.store.engine import AWAY, is_shared, probe
from facilitation.store.events import state_of_all
from facilitation.store.forgetting import first_forgotten
from facilitation.store.secrets import digest

TICK = 1.0
BACKUP_EVERY = timedelta(minutes=10)
PURGE_EVERY, AGAIN = timedelta(days=1), timedelta(minutes=1)
# Seconds from one look for editions nobody makes any more to the next.
TAKE_UP_EVERY = 5.0
# Copies made before somebody erased themselves are renewed so long after, once for all who did meanwhile: until then a mistake
# can be mended from an older copy, and nobody takes the copies along by leaving.
RENEW_AFTER, LOOK_EVERY = timedelta(hours=23), timedelta(minutes=10)
# Seconds from one line of figures in the log to the next.
FIGURES_EVERY = 60.0
# Seconds from one look for pages of sheets that have closed to the next.
ROUND_EVERY = 5.0
# Seconds after which what nobody asked for is let go of.
UNASKED = 3600.0
# Seconds by which a clock may stray between two looks.
STEADY = 3600.0
# What a certificate says of copies that this server neither makes nor sees.
ELSEWHERE = (
    "PostgreSQL : les sauvegardes et journaux du serveur de base de données ne sont pas à portée de ce logiciel ; "
    "ils restent à effacer par qui l’exploite."
)
LOG = logging.getLogger("facilitation")


class Keeper:
    """One for each server. While it runs, `look` and `keep` are called every second, and neither waits for the other: a copy on a
    slow disk must not keep the cockpit from hearing that the disk is slow."""

    def __init__(self, application: Application) -> None:
        self._house = application.house
        self._newsroom = application.newsroom
        self._told: list[Trouble] = []
        self._copied: tuple[datetime, str] | None = None
        self._purged: datetime | None = None
        self._looked: datetime | None = None
        self._seen: tuple[datetime, float] | None = None
        self._running: list[gevent.Greenlet] = []
        self._publisher = application.flask.extensions["publisher"]
        self._took_up = self._figured = self._went_round = monotonic()
        self._gauges = application.flask.extensions["gauges"]
        self._certificates = application.settings.exports.parent / "certificats"

    def start(self) -> None:
        """Begin; a second call does nothing."""
        if not self._running:
            self._running = [gevent.spawn(self._run, task) for task in (self.look, self.keep)]

    def stop(self) -> None:
        """No further tick."""
        gevent.killall(self._running)
        self._running = []

    def tick(self) -> None:
        """Whatever is due now."""
        self.look()
        self.keep()
        self._tell()

    def look(self) -> None:
        """Notice what does not work, and that it works again."""
        health = self._house.health
        if not health.receives or is_shared(self._house.engine):
            # Somebody has to try, or nobody would know that it works again; nor, of a database elsewhere, that it has gone.
            self._try_to_write()
        if monotonic() - self._figured >= FIGURES_EVERY:
            self._figured = monotonic()
            LOG.info("figures", extra={"figures": self._gauges.data()})
            self._house.let_go(UNASKED)
        self._tell()

    def keep(self) -> None:
        """Copy and delete what is due, where anything can be written."""
        if self._house.health.receives:
            try:
                self._keep()
            except AWAY as error:
                # Between two looks: the next finds that nothing can be written.
                LOG.warning("keeping house was put off: %s", type(error).__name__)
            except OSError as error:
                if error.errno not in {EMFILE, ENFILE}:
                    raise
                LOG.warning("keeping house was put off: no file left")

    def _tell(self) -> None:
        health = self._house.health
        if health.receives and monotonic() - self._went_round >= ROUND_EVERY:
            self._went_round = monotonic()
            self._newsroom.tell_asleep()
        if health.troubles != self._told:
            LOG.warning("what does not work: %s", ", ".join(health.troubles) or "nothing")
            self._told = health.troubles
            self._newsroom.tell_troubles(self._told)

    def _keep(self) -> None:
        self._purge()
        self._back_up()
        self._renew()
        if monotonic() - self._took_up >= TAKE_UP_EVERY:
            self._took_up = monotonic()
            self._publisher.take_up()

    def _run(self, task: Callable[[], None]) -> None:
        while True:
            gevent.sleep(TICK)
            try:
                task()
            except Exception:
                # A keeper that stops would be noticed by nobody.
                LOG.exception("unexpected error while keeping house")

    def _try_to_write(self) -> None:
        try:
            self._house.writer.submit(probe)
        except Refusal:
            return

    def _back_up(self) -> None:
        """A copy every ten minutes, if anything has changed since the last; one that failed is tried again in a minute."""
        now = self._house.clock()
        due = self._copied is None or abs(now - self._copied[0]) >= BACKUP_EVERY
        if not due or folder_of(self._house.engine) is None:
            return
        with self._house.reading() as connection:
            state = state_of_all(connection)
        if self._copied is None or state != self._copied[1]:
            try:
                aside(roll, self._house.engine, now)
            except (OSError, Damaged, sqlite3.Error) as error:
                LOG.warning("no backup could be made: %s", type(error).__name__)
                self._house.health.fails(Trouble.BACKUP)
                self._copied = (now - BACKUP_EVERY + AGAIN, "")
                return
            self._house.health.works(Trouble.BACKUP)
        self._copied = (now, state)

    def _renew(self) -> None:
        """Names that were erased go from the older copies too."""
        now, engine = self._house.clock(), self._house.engine
        if self._looked is not None and abs(now - self._looked) < LOOK_EVERY:
            return
        copied = oldest(engine)
        self._looked = now
        if copied is None:
            return
        with self._house.reading() as connection:
            left = first_forgotten(connection, copied)
        if left is not None and now - left >= RENEW_AFTER:
            try:
                aside(sealing.scrub, self._house.apart, now)
            except sealing.StillThere as error:
                self._looked = now - LOOK_EVERY + AGAIN
                LOG.warning("older copies could not be renewed: %s", error)

    def _purge(self) -> None:
        """Once a day, and not on the day on which the clock has jumped: nothing is deleted by mistake about the date."""
        now = self._house.clock()
        before, self._seen = self._seen, (now, monotonic())
        if before is None:
            return
        if abs((now - before[0]).total_seconds() - (self._seen[1] - before[1])) > STEADY:
            self._purged = now
        if self._purged is None or now - self._purged >= PURGE_EVERY:
            try:
                with alone(self._house.engine, "purge") as mine:
                    if mine:
                        purge(self._house, self._certificates)
                # Another process is at it: what it leaves, if it dies, goes in a minute.
                self._purged = now if mine else now - PURGE_EVERY + AGAIN
            except (OSError, sealing.StillThere, Refusal) as error:
                # What is left of it goes in a minute.
                self._purged = now - PURGE_EVERY + AGAIN
                LOG.warning("not everything whose days are over could be deleted: %s", type(error).__name__)


def purge(house: House, folder: Path) -> list[Path]:
    """Delete the forums whose days are over; the certificates of what went: counts and dates, no name and no title.

    A certificate says nothing of backups until they have been renewed; where that failed, the next call does it. Of PostgreSQL's
    it says that they are elsewhere. Raises sealing.StillThere, OSError.
    """
    with house.reading() as connection:
        found = purging.overdue(connection, house.clock())
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for event in found:
        exported = _exported(house.exports, event)
        for path in exported:
            path.unlink()
        gone = house.writer.submit(partial(purging.purge, event_id=event["id"]))
        told = {
            "forum": digest(event["id"]), "closed_at": event["closed_at"] and event["closed_at"].isoformat(),
            "last_used_at": event["last_used"].isoformat(), "kept_days": event["lifetime"],
            "purged_at": house.clock().isoformat(), "rows": gone,
            "exported_files": Counter(path.suffix.removeprefix(".") for path in exported), "backups": None,
            **({"backups_note": ELSEWHERE} if is_shared(house.engine) else {}),
        }  # fmt: skip
        written.append(_certify(folder / f"purge-{told['forum'][:12]}.json", told))
    known = {path: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("purge-*.json"))}
    waiting = {path: told for path, told in known.items() if told["backups"] is None and "backups_note" not in told}
    if waiting:
        erased = aside(sealing.scrub, house.apart)
        for path, told in waiting.items():
            _certify(path, {**told, "backups": {"erased": erased, "renewed_at": house.clock().isoformat()}})
    return written


def _certify(path: Path, told: dict[str, Any]) -> Path:
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _exported(folder: Path, event: dict[str, Any]) -> list[Path]:
    """Files that a forum left among the exports; editions lie in a folder that bears its id."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_its(path, folder, event)]


def _is_its(path: Path, folder: Path, event: dict[str, Any]) -> bool:
    return any(event["id"] in part or part == event["slug"] for part in path.relative_to(folder).parts)
