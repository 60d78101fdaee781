"""Taking ballots and people apart for good: in the tables, in the file's free pages, in its log, in its backups."""

import secrets
import sqlite3
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from facilitation.store import tables
from facilitation.store.backups import Damaged, folder_of, renew
from facilitation.store.changes import Ledger
from facilitation.store.columns import Row
from facilitation.store.secrets import new_id

# Milliseconds votes may have to wait for whoever still reads whose ballots these were.
STANDS_BEHIND = 2000
BALLOTS = (tables.ballot_holder, tables.vote, tables.ballot)


def sever(ledger: Ledger, round_id: str) -> None:
    """Forget whose ballots these are: the joining rows go, the others are written anew in no order, under new ids."""
    connection, shuffled = ledger.connection, secrets.SystemRandom()
    ballots = _rows(connection, tables.ballot, round_id)
    votes = _rows(connection, tables.vote, round_id)
    # Stored answers are kept by ballot, and a phone knows its own operation ids.
    asked = tables.operation
    for row in ballots:
        connection.execute(asked.delete().where(asked.c.event_id == ledger.event_id, asked.c.scope == row["id"]))
    for table in BALLOTS:
        connection.execute(table.delete().where(table.c.round_id == round_id))
    connection.execute(update(tables.paper).where(tables.paper.c.round_id == round_id).values(ballot_id=None))
    renamed = {row["id"]: new_id() for row in ballots}
    for table, rows in ((tables.ballot, ballots), (tables.vote, votes)):
        fresh = [{**row, "id": renamed.get(row["id"]) or new_id()} for row in rows]
        fresh = [{**row, "ballot_id": renamed[row["ballot_id"]]} if "ballot_id" in row else row for row in fresh]
        shuffled.shuffle(fresh)
        if fresh:
            connection.execute(insert(table), fresh)
    ledger.rewrote(*BALLOTS, tables.paper)


def _rows(connection: Connection, table: Any, round_id: str) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table).where(table.c.round_id == round_id)).mappings()]


def recount(connection: Connection, round_id: str) -> list[Row]:
    """Every ballot of a round: its receipt, where it came from, and the numbers of its topics; in the order of random ids."""
    chosen = select(tables.vote.c.ballot_id, tables.topic.c.number).join(
        tables.topic, tables.topic.c.id == tables.vote.c.topic_id
    )
    numbers: dict[str, list[int]] = {}
    for ballot_id, number in connection.execute(chosen.where(tables.vote.c.round_id == round_id)):
        numbers.setdefault(ballot_id, []).append(number)
    rows = sorted(_rows(connection, tables.ballot, round_id), key=lambda row: row["id"])
    return [
        {"receipt": row["receipt"], "source": row["source"], "topics": sorted(numbers[row["id"]])}
        for row in rows if row["id"] in numbers
    ]  # fmt: skip


def scrub(engine: Engine, now: datetime | None = None) -> int:
    """After the commit: nothing of the severed rows stays in the log or in an older backup. Takes as long as a copy.

    Returns how many backups were erased for a fresh one. Raises StillThere.
    """
    try:
        return _scrub(engine, now)
    except (OSError, sqlite3.Error, DBAPIError, Damaged) as error:
        raise StillThere(type(error).__name__) from error


def _scrub(engine: Engine, now: datetime | None) -> int:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.rollback()
            raw = connection.connection.driver_connection
            assert raw is not None
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise StillThere("somebody reads the log")
        if (folder := folder_of(engine)) is not None:
            return renew(engine, folder, now)
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in (tables.vote, tables.ballot, tables.operation):
                # Beside everybody else's commands, for every forum here writes these tables.
                connection.execute(text(f'VACUUM "{table.name}"'))
            # What joined ballots and people is small: written anew, with nobody kept waiting behind a long reading.
            connection.execute(text(f"SET lock_timeout = {STANDS_BEHIND}"))
            try:
                connection.execute(text(f'VACUUM FULL "{tables.ballot_holder.name}"'))
            finally:
                connection.execute(text("RESET lock_timeout"))
    return 0


class StillThere(Exception):
    """Somebody read the log for longer than the busy timeout, or no backup could be made; asking again mends it."""
