"""Taking a person's name out of everything that is kept: their rows, and the log's memory of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from facilitation.store import tables
from facilitation.store.changes import Ledger

# The command by which people leave, as the log has it.
ERASING = "erase_me"
NAMES = {"participant": ("name", "organisation"), "talk": ("speaker",), "link": ("label",), "paper": ("entered_by",)}


def forget_in_log(ledger: Ledger, person: str, former: str) -> None:
    """The log goes on telling what was done, by nobody; rows it remembers lose this person's name."""
    table = tables.change
    found = ledger.connection.execute(table.select().where(table.c.event_id == ledger.event_id)).mappings().all()
    for line in found:
        rows = [_without(row, person, former) for row in line["rows"]]
        by_them = line["participant_id"] == person
        if by_them or rows != line["rows"]:
            here = (table.c.event_id == ledger.event_id, table.c.number == line["number"])
            values: dict[str, Any] = {"rows": rows, **({"actor": ""} if by_them else {})}
            ledger.connection.execute(update(table).where(*here).values(values))
    ledger.rewrote(table)
    # What this very command notes of itself tells the name too.
    ledger.rows[:] = [_without(row, person, former) for row in ledger.rows]


def first_forgotten(connection: Connection, since: datetime) -> datetime | None:
    """When somebody was first taken out of this database after `since`; None where nobody was."""
    table = tables.change
    found: datetime | None = connection.execute(
        select(func.min(table.c.at)).where(table.c.command == ERASING, table.c.at > since)
    ).scalar_one()
    return found


def _without(row: dict[str, Any], person: str, former: str) -> dict[str, Any]:
    """A logged row, its name blank where it is this person's."""
    fields = NAMES.get(row["t"], ())
    return {**row, **{side: _blank(row, side, fields, person, former) for side in ("b", "a") if row[side] is not None}}


def _blank(row: dict[str, Any], side: str, fields: tuple[str, ...], person: str, former: str) -> dict[str, Any]:
    kept: dict[str, Any] = row[side]
    is_theirs = row["id"] == person
    return {key: "" if key in fields and (is_theirs or (former and value == former)) else value for key, value in kept.items()}
