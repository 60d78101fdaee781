"""Copies of an SQLite database beside it, each whole; sealing a vote makes a fresh one and deletes those before."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL


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
    """A whole copy, taken while others write, checked before it is put in place. Raises Damaged."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(part)) as written:
        read.backup(written, pages=200)
        written.execute("PRAGMA journal_mode=DELETE")
        found = written.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise Damaged(found)
    part.replace(target)


def stamped(folder: Path) -> Path:
    """A name for a backup made now."""
    return folder / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S-%f}.db"


def renew(engine: Engine, folder: Path) -> None:
    """One fresh backup; older ones are overwritten, then deleted."""
    assert engine.url.database is not None
    former = sorted(folder.glob("*.db")) if folder.exists() else []
    copy(Path(engine.url.database), stamped(folder))
    for path in former:
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
        path.unlink()
