"""Copies of an SQLite database beside it, each whole, more of them of late than of long ago.

Sealing a vote makes a fresh one and deletes those before.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gevent.monkey import get_original
from sqlalchemy import Engine
from sqlalchemy.engine import URL

STAMP = "%Y-%m-%d-%H%M%S-%f"
# The last six, then one for each hour of two days, then one for each day of a month.
LAST, HOURS, DAYS = 6, 48, 31
# A copy that was begun before a vote was sealed must not be put in place after it. Copies run in threads of their own.
_ONE_AT_A_TIME = get_original("_thread", "allocate_lock")()


class DamagedBase(Exception):
    """A database file that is no longer whole: what SQLite says of it, and the newest backup that is."""

    def __init__(self, path: Path, found: str, backup: Path | None) -> None:
        super().__init__(found)
        self.path = path
        self.found = found
        self.backup = backup


class Damaged(Exception):
    """The copy did not pass SQLite's own check; the message is what SQLite says."""


def folder_of(engine: Engine) -> Path | None:
    """Where this database's own backups are kept; None for one that is not a file."""
    return beside(engine.url)


def beside(address: URL) -> Path | None:
    """The folder of backups beside an SQLite file."""
    name = address.database if address.get_backend_name() == "sqlite" else None
    return Path(f"{name}.sauvegardes") if name and name != ":memory:" else None


def copy(source: Path, target: Path) -> None:
    """A whole copy, taken while others write, checked before it is put in place. Raises Damaged.

    In one step: between two, SQLite begins again whenever somebody else has committed, which in a full hall is always.
    In WAL mode who reads for so long holds up no writer.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(part)) as written:
        read.backup(written)
        written.execute("PRAGMA journal_mode=DELETE")
        found = written.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise Damaged(found)
    part.replace(target)


def stamped(folder: Path, now: datetime | None = None) -> Path:
    """A name for a backup made now."""
    return folder / f"{(now or datetime.now(UTC)).astimezone(UTC).strftime(STAMP)}.db"


def roll(engine: Engine, now: datetime) -> Path:
    """A fresh backup, and those no longer worth their place thrown away. Raises Damaged, OSError, sqlite3.Error."""
    folder = folder_of(engine)
    assert folder is not None
    assert engine.url.database is not None
    with _ONE_AT_A_TIME:
        made = stamped(folder, now)
        copy(Path(engine.url.database), made)
        found = {path: moment for path in folder.glob("*.db") if (moment := _moment(path)) is not None}
        kept = worth_keeping(sorted(found.values()), now)
        for path, moment in found.items():
            if moment not in kept:
                path.unlink()
    return made


def worth_keeping(moments: list[datetime], now: datetime) -> set[datetime]:
    """Of the moments backups were made at, in order: the last few, the last of each hour, then the last of each day."""
    kept = set(moments[-LAST:])
    for every, most in (("%Y-%m-%d %H", timedelta(hours=HOURS)), ("%Y-%m-%d", timedelta(days=DAYS))):
        kept |= set({moment.strftime(every): moment for moment in moments if now - moment <= most}.values())
    return kept


def _moment(path: Path) -> datetime | None:
    """When a backup was made, by its name; None for a file somebody else put there."""
    try:
        return datetime.strptime(path.stem, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def oldest(engine: Engine) -> datetime | None:
    """When the oldest of this database's own backups was made; None where there is none."""
    folder = folder_of(engine)
    moments = [moment for path in folder.glob("*.db") if (moment := _moment(path))] if folder is not None else []
    return min(moments, default=None)


def latest(folder: Path) -> Path | None:
    """The newest backup that is whole."""
    for path in sorted((path for path in folder.glob("*.db") if _moment(path)), reverse=True):
        if what_is_wrong(path) == "":
            return path
    return None


def what_is_wrong(path: Path) -> str:
    """What SQLite says of a file that is damaged, or that it is no database; empty where all is well."""
    try:
        with closing(sqlite3.connect(path)) as base:
            found = str(base.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:
        # Locked, or out of reach: nothing is said about what is in it.
        raise
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else " ".join(found.split())


def check_whole(address: URL) -> None:
    """Look at an SQLite file before it is opened. Raises DamagedBase."""
    folder = beside(address)
    path = Path(address.database) if folder is not None and address.database else None
    if folder is None or path is None or not path.exists():
        return
    is_empty = path.stat().st_size == 0
    found = "0 octet / 0 bytes" if is_empty else what_is_wrong(path)
    backup = latest(folder) if found else None
    # SQLite takes a file of no length for a new base: what was in it would be gone without a word. Alone, it is new.
    if found and (backup is not None or not is_empty):
        raise DamagedBase(path, found, backup)


def renew(engine: Engine, folder: Path, now: datetime | None = None) -> int:
    """One fresh backup; older ones are overwritten, then deleted: how many there were."""
    assert engine.url.database is not None
    with _ONE_AT_A_TIME:
        former = sorted(folder.glob("*.db")) if folder.exists() else []
        copy(Path(engine.url.database), stamped(folder, now))
        for path in former:
            with path.open("r+b") as file:
                file.write(b"\0" * path.stat().st_size)
            path.unlink()
    return len(former)
